// Compiles texts and files for tests: a host over maps of files and the shipped specs.

import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { check, compile, type CheckResult, type CompileOptions, type Host } from "../../compiler/compile.ts";
import { join, folderOf } from "../../compiler/phases/2-check/paths.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { catalog } from "../../runtime/catalog.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Files by name; `ptarmigan/x.pt` is `specs/x.pt`. */
export function hostOf(files: Readonly<Record<string, string>> = {}): Host {
  const shipped = (name: string): string | undefined => {
    const path = `${root}specs/${name}`;
    return existsSync(path) && statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
  };
  return {
    read: (file) => {
      const text = files[file] ?? (file.startsWith("ptarmigan/") ? shipped(file.slice(10)) : undefined);
      return text === undefined ? undefined : { text };
    },
    resolve: (from, specifier) => (specifier.startsWith("ptarmigan/") ? { file: specifier } : specifier.includes("../..") ? { problem: "outside" } : { file: join(folderOf(from), specifier) }),
    siblings: () => Object.keys(files),
  };
}

export function checkText(text: string, files: Readonly<Record<string, string>> = {}): CheckResult {
  return check(text, catalog, { file: "main.pt", host: hostOf(files) });
}

/** The plan of a text's run; throws with its diagnostics when there is none. */
export function planOf(text: string, options: Omit<CompileOptions, "host"> & { readonly files?: Readonly<Record<string, string>> } = {}): Plan {
  const result = compile(text, catalog, { file: "main.pt", host: hostOf(options.files), ...options });
  if (!result.plan) throw new Error(result.diagnostics.map((one) => `${one.code} ${one.start.line}:${one.start.column} ${one.message}`).join("\n"));
  return result.plan;
}

/** Codes with their places, one a line: `PT2002 4:19`. */
export function codes(result: { readonly diagnostics: CheckResult["diagnostics"] }): string[] {
  return result.diagnostics.map((one) => `${one.code} ${one.start.line}:${one.start.column}`);
}
