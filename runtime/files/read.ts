// A small file that the user named, whole.

import { readFileSync } from "node:fs";
import { unreadableFile } from "../../grammar/diagnostics/PT7004-unreadable-file.ts";
import { folderForFile } from "../../grammar/diagnostics/PT7021-folder-for-file.ts";
import { missingFile } from "../../grammar/diagnostics/PT7020-missing-file.ts";
import { reasonOf } from "./text.ts";
import { fileError, systemCode } from "./user-error.ts";

/** Its text; `file` is how it was named. Throws UserError when there is no such file, or it cannot be read. */
export function readNamed(path: string, file: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw fileError(missingFile, file, { file });
    if (code === "EISDIR") throw fileError(folderForFile, file, { file });
    if (code === undefined) throw error;
    throw fileError(unreadableFile, file, { file, reason: reasonOf(code) });
  }
}
