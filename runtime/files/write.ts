// Writing files so that a crash at any instant leaves either the old one or the new one, whole and on the disk.

import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { diskFull } from "../../grammar/diagnostics/PT8101-disk-full.ts";
import { unwritableFile } from "../../grammar/diagnostics/PT8106-unwritable-file.ts";
import { reasonOf } from "./text.ts";
import { fileError, systemCode } from "./user-error.ts";

export interface Written { readonly bytes: number; readonly sha256: string }

/** Temporary name, sync, rename, sync of the folder. Throws UserError (PT8101 for a full disk, PT8106 otherwise) with the temporary removed and the old file untouched. */
export function writeAtomically(path: string, content: string | Uint8Array | Iterable<Uint8Array>): Written {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  return reporting(path, () => {
    try {
      const written = writeDurably(temporary, content);
      renameSync(temporary, path);
      syncFolder(dirname(path));
      return written;
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** Writes and syncs a new file under its own name. Throws the system's error; the caller removes what is left. */
export function writeDurably(path: string, content: string | Uint8Array | Iterable<Uint8Array>): Written {
  const hash = createHash("sha256");
  let bytes = 0;
  const file = openSync(path, "w");
  try {
    for (const chunk of chunksOf(content)) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      // A write may take less than it was given, and fails at the next one where the disk is full.
      for (let done = 0; done < chunk.byteLength; ) done += writeSync(file, chunk, done, Math.min(chunk.byteLength - done, 1 << 30));
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Makes the entries of a folder (a rename, a new file) survive a power cut. */
export function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, "r");
  } catch {
    // Windows opens no folders; its renames are journaled.
    return;
  }
  try {
    fsyncSync(handle);
  } catch (error) {
    if (!["EINVAL", "EPERM", "ENOTSUP", "EISDIR"].includes(systemCode(error) ?? "")) throw error;
  } finally {
    closeSync(handle);
  }
}

export function makeFolder(folder: string): void {
  reporting(folder, () => makeFolders(folder));
}

/** As `mkdir -p`. Node's own `recursive` never returns where the system answers ENOENT for a parent that exists (`/proc`). */
function makeFolders(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST" && statSync(folder).isDirectory()) return;
    if (code !== "ENOENT" || dirname(folder) === folder || existsSync(dirname(folder))) throw error;
    makeFolders(dirname(folder));
    makeFolders(folder);
  }
}

/** Runs file operations on behalf of `path`; the system's refusals become diagnostics. */
export function reporting<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    if (code === "ENOSPC" || code === "EDQUOT") throw fileError(diskFull, path, { file: path });
    throw fileError(unwritableFile, path, { file: path, reason: writeReasons[code] ?? reasonOf(code) });
  }
}

const writeReasons: Readonly<Record<string, string>> = {
  EROFS: "the disk is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  EISDIR: "a folder has this name",
  EFBIG: "it is larger than this disk or process allows",
};

function* chunksOf(content: string | Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> {
  if (typeof content === "string") yield Buffer.from(content, "utf8");
  else if (content instanceof Uint8Array) yield content;
  else yield* content;
}
