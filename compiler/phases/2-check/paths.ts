// Paths of files in a spec: written relative to the file that wrote them, kept relative to the entry file's folder.

import type { Scope } from "../1-resolve/program.ts";
import type { Context } from "./context.ts";

/** A path that means something on one machine only, or nothing at all. */
export function isForeign(path: string): boolean {
  return path.trim() === "" || /^[\\/~]|^[A-Za-z]:[\\/]/.test(path);
}

/** `npm:` paths stay as they are, and so do those of shipped specs, which bring no data: the files are the user's. Pure text: `/` separates. */
export function pathFrom(path: string, scope: Scope, context: Context): string {
  if (path.startsWith("npm:") || scope.source.file.startsWith("ptarmigan/")) return path;
  return relative(context.folder, join(folderOf(scope.source.file), path));
}

export function folderOf(file: string): string {
  const slash = file.lastIndexOf("/");
  return slash < 0 ? "" : file.slice(0, slash);
}

export function join(folder: string, path: string): string {
  const parts: string[] = [];
  const absolute = folder.startsWith("/") || (folder === "" && path.startsWith("/"));
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return (absolute ? "/" : "") + parts.join("/");
}

function relative(from: string, to: string): string {
  const a = from.split("/").filter((part) => part && part !== ".");
  const b = to.split("/").filter((part) => part && part !== ".");
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  return [...a.slice(common).map(() => ".."), ...b.slice(common)].join("/") || ".";
}
