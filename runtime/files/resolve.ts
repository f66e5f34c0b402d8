// From the `files` of a data source to existing files, in an order that no machine or locale changes.

import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { missingPackage } from "../../grammar/diagnostics/PT7001-missing-package.ts";
import { noFiles } from "../../grammar/diagnostics/PT7002-no-files.ts";
import { compareNatural } from "./natural-order.ts";
import { editDistance } from "../../grammar/nearest.ts";
import { UserError, fileDiagnostic } from "./user-error.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";

export interface DataFile {
  /** Where it is on this machine. */
  readonly path: string;
  /** What it is called everywhere: relative to the base folder with `/`, or `npm:package/path`. */
  readonly name: string;
}

/**
 * The files that the patterns name, each once, in natural order of their names; a folder stands for all files below it but hidden ones.
 * Throws UserError with one diagnostic for each pattern that finds nothing.
 */
export async function resolveFiles(patterns: readonly string[], base: string): Promise<DataFile[]> {
  const found = new Map<string, DataFile>();
  const diagnostics: Diagnostic[] = [];
  for (const pattern of patterns) {
    const root = rootOf(pattern, base);
    if (root === null) {
      diagnostics.push(fileDiagnostic(missingPackage, pattern, { pattern, package: packageOf(pattern).name }));
      continue;
    }
    const files = await matches(root.pattern, root.folder);
    for (const path of files) if (!found.has(path)) found.set(path, { path, name: root.prefix + slashed(relative(root.folder, path)) });
    if (files.length === 0) diagnostics.push(fileDiagnostic(noFiles, pattern, { pattern, folder: root.folder, ...suggestion(root.pattern, root.folder, root.prefix) }));
  }
  if (diagnostics.length > 0) throw new UserError(diagnostics);
  return [...found.values()].sort((a, b) => compareNatural(a.name, b.name));
}

interface Root { readonly folder: string; readonly pattern: string; readonly prefix: string }

/** The folder a pattern is relative to; null for a package that is not installed. */
function rootOf(pattern: string, base: string): Root | null {
  if (!pattern.startsWith("npm:")) return { folder: resolve(base), pattern, prefix: "" };
  const { name, rest } = packageOf(pattern);
  const folder = packageFolder(name, base);
  return folder === null ? null : { folder, pattern: rest, prefix: `npm:${name}/` };
}

function packageOf(pattern: string): { name: string; rest: string } {
  const segments = pattern.slice("npm:".length).split("/");
  const length = segments[0].startsWith("@") ? 2 : 1;
  return { name: segments.slice(0, length).join("/"), rest: segments.slice(length).join("/") || "*" };
}

/** Node's lookup of `node_modules`, from the base folder and then from this program's own; reads no `exports`, since data files are seldom in it. */
function packageFolder(name: string, base: string): string | null {
  if (name.split("/").some((segment) => segment === "" || segment === "." || segment === "..")) return null;
  for (const from of [join(resolve(base), "noop.js"), import.meta.url]) {
    for (const folder of createRequire(from).resolve.paths(name) ?? []) {
      const candidate = join(folder, ...name.split("/"));
      if (existsSync(join(candidate, "package.json"))) return candidate;
    }
  }
  return null;
}

async function matches(pattern: string, folder: string): Promise<string[]> {
  const literal = isAbsolute(pattern) ? pattern : join(folder, pattern);
  // A name that exists as written is that file, whatever brackets it holds.
  if (isFile(literal)) return [literal];
  if (isFolder(literal)) return (await glob(["**/*"], { cwd: literal, absolute: true, onlyFiles: true, expandDirectories: false })).map((path) => resolve(path));
  if (!existsSync(folder) || !isDynamicPattern(pattern)) return [];
  const found = await glob(pattern.split(sep).join("/"), { cwd: folder, absolute: true, onlyFiles: true, expandDirectories: false });
  return found.map((path) => resolve(path));
}

function suggestion(pattern: string, folder: string, prefix: string): { nearest?: string; missingFolder?: string; isFolder?: boolean } {
  const path = isAbsolute(pattern) ? pattern : join(folder, pattern);
  if (existsSync(path) && statSync(path).isDirectory()) return { isFolder: true };
  const parts = slashed(path).split("/");
  const firstDynamic = parts.findIndex((part) => isDynamicPattern(part));
  let parent = firstDynamic >= 0 ? parts.slice(0, firstDynamic).join("/") || "/" : dirname(path);
  let wanted = firstDynamic >= 0 ? parts[parts.length - 1] : basename(path);
  let missing: string | undefined;
  while (!existsSync(parent) && dirname(parent) !== parent) {
    missing = parent;
    wanted = basename(parent);
    parent = dirname(parent);
  }
  let names: string[] = [];
  try {
    names = readdirSync(parent).sort(compareNatural);
  } catch {
    // A folder that may not be listed has no suggestion.
  }
  const [close] = [...names].sort((a, b) => editDistance(wanted, a) - editDistance(wanted, b));
  const shown = (name: string): string => prefix + slashed(relative(folder, join(parent, name)));
  return { ...(close === undefined ? {} : { nearest: shown(close) }), ...(missing === undefined ? {} : { missingFolder: prefix + slashed(relative(folder, missing)) }) };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}
