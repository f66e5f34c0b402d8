// What the user named as `.pt` files: files, folders (every `.pt` file in them) and patterns.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { missingFile } from "../../grammar/diagnostics/PT7020-missing-file.ts";
import { isFolder } from "../host.ts";
import { fileDiagnostic } from "./user-error.ts";

export interface Inputs { readonly files: readonly string[]; readonly diagnostics: readonly Diagnostic[] }

/** Each file once, in the order named; those of a folder or pattern by name. Installed packages and hidden folders are left out. */
export async function inputFiles(names: readonly string[], cwd: string): Promise<Inputs> {
  const files = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const name of names) {
    const path = resolve(cwd, name);
    const folder = isFolder(path);
    if (!folder && (existsSync(path) || !/[*?[\]{}]/.test(name))) {
      files.add(name);
      continue;
    }
    const { glob, escapePath } = await import("tinyglobby");
    const pattern = folder ? `${escapePath(name.replaceAll("\\", "/").replace(/\/+$/, ""))}/**/*.pt` : name;
    const found = await glob([pattern], { cwd, ignore: ["**/node_modules/**"], expandDirectories: false });
    if (!found.length) diagnostics.push(fileDiagnostic(missingFile, name, { file: folder ? `${name.replace(/\/+$/, "")}/**/*.pt` : name }));
    for (const file of found.sort()) files.add(file);
  }
  return { files: [...files], diagnostics };
}
