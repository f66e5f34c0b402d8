// The folder that an export writes: new, empty, or of an earlier export.

import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { occupiedFolder } from "../../grammar/diagnostics/PT7216-occupied-folder.ts";
import { fileError } from "../files/user-error.ts";
import { makeFolder, reporting, writeAtomically } from "../files/write.ts";

const noteFile = "README.md";
const mark = "Written by `pt export`";

/** What an earlier export wrote is removed. Throws UserError (PT7216) where anything else lies. */
export function prepareExport(out: string): void {
  if (!existsSync(out)) return makeFolder(out);
  const names = reporting(out, () => readdirSync(out)).sort();
  const note = names.includes(noteFile) ? readFileSync(join(out, noteFile), "utf8") : "";
  const ours = /^(config\.json|model\.json|model\.safetensors|tokenizer\.json|README\.md|group1-shard\d+of\d+\.bin)$/;
  const foreign = note.includes(mark) ? names.find((name) => !ours.test(name)) : names[0];
  if (foreign !== undefined) throw fileError(occupiedFolder, out, { folder: out, what: `\`${foreign}\`` });
  for (const name of names) reporting(out, () => rmSync(join(out, name)));
}

/** The note that later exports know the folder by. */
export function writeNote(out: string, title: string, text: string): void {
  writeAtomically(join(out, noteFile), `# ${title}\n\n${mark}.\n\n${text}`);
}

/** `tokenizer.json`, where the model has one. */
export function copyTokenizer(from: string, out: string): boolean {
  const path = join(from, "tokenizer.json");
  if (!existsSync(path)) return false;
  reporting(out, () => copyFileSync(path, join(out, "tokenizer.json")));
  return true;
}
