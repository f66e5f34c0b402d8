// Writes a Hugging Face model as a folder of ours: `spec.pt`, a checkpoint of step 0, the tokenizer, and the tensors that are no weights.

import { copyFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { sizeOf } from "../../compiler/graph/node.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { occupiedFolder } from "../../grammar/diagnostics/PT7216-occupied-folder.ts";
import { keptFile, noteOf } from "../apply/model.ts";
import { saveCheckpoint } from "../checkpoints/checkpoint.ts";
import { writeSafetensors } from "../checkpoints/safetensors.ts";
import { fileError } from "../files/user-error.ts";
import { makeFolder, reporting, writeAtomically } from "../files/write.ts";
import { readHuggingFace, type ReadOptions } from "./read.ts";

export interface ImportResult { readonly model: string; readonly parameters: number; readonly tensors: number; readonly warnings: readonly Diagnostic[] }

/** Throws UserError; nothing is written before everything has been read and checked. */
export async function importModel(folder: string, out: string, options: ReadOptions): Promise<ImportResult> {
  const model = await readHuggingFace(folder, options);
  refuseOccupied(out);
  makeFolder(out);
  writeAtomically(join(out, "spec.pt"), model.spec);
  if (model.kept.size) await writeSafetensors(join(out, keptFile), model.kept);
  else reporting(out, () => rmSync(join(out, keptFile), { force: true }));
  if (model.tokenizer !== null) reporting(out, () => copyFileSync(model.tokenizer!, join(out, "tokenizer.json")));
  await saveCheckpoint(out, 0, { weights: model.weights, optimizer: new Map(), state: { imported: noteOf(model) } }, { keep: 1 });
  const parameters = [...model.weights.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return { model: model.architecture.name, parameters, tensors: model.weights.size, warnings: model.warnings };
}

/** An earlier import is replaced; a run, or anything else, is not. */
function refuseOccupied(out: string): void {
  if (!existsSync(out)) return;
  const ours = new Set(["spec.pt", "checkpoints", "tokenizer.json", keptFile]);
  const names = reporting(out, () => readdirSync(out));
  const what = names.includes("plan.json") ? "a run" : names.includes("config.json") ? "a Hugging Face model" : (names.find((name) => !ours.has(name)) ?? (names.includes("checkpoints") ? undefined : names[0]));
  if (what !== undefined) throw fileError(occupiedFolder, out, { folder: out, what: names.includes(what) ? `\`${what}\`` : what });
}

export function shownPath(path: string, cwd: string): string {
  const shown = relative(cwd, path);
  return shown === "" ? "." : shown.startsWith("..") ? path : shown.split(sep).join("/");
}
