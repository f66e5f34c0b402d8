// The file host: texts of `.pt` files on this machine, for the compiler that reads none itself.

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "../compiler/phases/1-resolve/program.ts";
import { decode } from "../grammar/decode.ts";
import type { Diagnostic } from "../grammar/diagnostics/define.ts";
import { didYouMean } from "../grammar/nearest.ts";
import { unreadableFile } from "../grammar/diagnostics/PT7004-unreadable-file.ts";
import { missingFile } from "../grammar/diagnostics/PT7020-missing-file.ts";
import { folderForFile } from "../grammar/diagnostics/PT7021-folder-for-file.ts";
import { fileDiagnostic, systemCode } from "./files/user-error.ts";

export interface FileHost extends Host {
  /** Where a file of a diagnostic is on this machine. */
  pathOf(file: string): string;
  /** Text of a file that was read, or can be. */
  textOf(file: string): string | undefined;
}

export type Opened = { readonly file: string; readonly text: string; readonly host: FileHost } | { readonly diagnostic: Diagnostic };

const shippedPrefix = "ptarmigan/";

/** Reads a file that the user named; `ptarmigan/gpt2.pt` is the shipped one where there is no such file here. */
export function openSpec(name: string, cwd: string): Opened {
  const here = slashed(name);
  const shipped = here.startsWith(shippedPrefix) && !existsSync(resolve(cwd, here)) && existsSync(shippedPath(here));
  // A file of a folder that happens to be called like the shipped specs is told apart by `./`.
  const file = here.startsWith(shippedPrefix) && !shipped ? `./${here}` : here;
  const host = fileHost(cwd, file, shipped ? [file] : []);
  const read = host.read(file);
  if (!read) return { diagnostic: fileDiagnostic(missingFile, file, { file, suggestion: didYouMean(last(file), host.siblings!(file)) }) };
  return "diagnostic" in read ? read : { file, text: read.text, host };
}

/** Files around `entry`, whose names are relative to `cwd` unless absolute. `shipped` lists names that mean shipped specs. */
export function fileHost(cwd: string, entry: string, shipped: readonly string[] = []): FileHost {
  const own = new Set(shipped);
  const texts = new Map<string, ReturnType<Host["read"]>>();
  let root: string | null = null;
  const pathOf = (file: string): string => (own.has(file) ? shippedPath(file) : resolve(cwd, file));
  const read: Host["read"] = (file) => {
    if (!texts.has(file)) texts.set(file, readSpec(pathOf(file), file));
    return texts.get(file);
  };
  return {
    pathOf,
    read,
    textOf: (file) => {
      const found = read(file);
      return found && "text" in found ? found.text : undefined;
    },
    resolve(from, specifier) {
      if (specifier.startsWith(shippedPrefix) || own.has(from)) {
        const inside = normalized("", specifier.startsWith(shippedPrefix) ? specifier.slice(shippedPrefix.length) : specifier);
        if (inside === "" || inside.startsWith("..")) return { problem: "outside" };
        const file = shippedPrefix + inside;
        return own.add(file), { file };
      }
      if (isAbsolute(specifier) || /^[a-z]+:/i.test(specifier)) return { problem: "not-relative" };
      const file = normalized(folderOf(from), specifier);
      root ??= real(projectFolder(dirname(resolve(cwd, entry))));
      const path = real(resolve(cwd, file));
      return path.startsWith(root.endsWith(sep) ? root : root + sep) ? { file } : { problem: "outside" };
    },
    siblings(file) {
      try {
        return readdirSync(dirname(pathOf(file))).filter((name) => name.endsWith(".pt"));
      } catch {
        return [];
      }
    },
  };
}

function readSpec(path: string, file: string): ReturnType<Host["read"]> {
  try {
    return decode(readFileSync(path), file);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "EISDIR") return { diagnostic: fileDiagnostic(folderForFile, file, { file }) };
    if (code === undefined) throw error;
    return { diagnostic: fileDiagnostic(unreadableFile, file, { file, reason: code === "EACCES" || code === "EPERM" ? "permission denied" : code }) };
  }
}

/** The nearest folder above that holds a `package.json` or a `.git`, else the folder itself. */
export function projectFolder(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json")) || existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return folder;
  }
}

/** The folder of this program: above the bundle or the sources. */
export function programFolder(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, "specs")) && dirname(at) !== at) at = dirname(at);
  return at;
}

function shippedPath(file: string): string {
  return join(programFolder(), "specs", file.slice(shippedPrefix.length));
}

/** Symbolic links followed as far as the path exists. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(real(parent), path.slice(parent.length));
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function slashed(path: string): string {
  return sep === "\\" ? path.replaceAll("\\", "/") : path;
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

function last(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** `a/b/` and `../c.pt` → `a/c.pt`; a leading `./` of the folder stays. */
function normalized(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return (folder.startsWith("/") ? "/" : folder.startsWith("./") ? "./" : "") + parts.join("/");
}
