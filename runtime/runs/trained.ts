// A trained run as a model to use: its weights from a checkpoint, its tokenizer from the folder.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { loadCheckpoint, type LoadedCheckpoint } from "../checkpoints/checkpoint.ts";
import { noWholeCheckpoint } from "../../grammar/diagnostics/PT8104-no-whole-checkpoint.ts";
import { fileError } from "../files/user-error.ts";
import { readWhole } from "../files/text.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import { parseTokenizer } from "../tokenizers/file/tokenizer.ts";

export const checkpointFlag = { name: "--checkpoint", value: "WHICH", doc: "`best`, `last` or a step (default: best where the run evaluated, else last)" } as const;

/** The checkpoint that a flag names. Throws UserError when there is none. */
export async function chosenCheckpoint(folder: string, which: string | undefined): Promise<LoadedCheckpoint> {
  const last = which === "best" || isStep(which) ? null : await loadCheckpoint(folder, "last");
  const wanted = which ?? (typeof last?.state.best_step === "number" ? "best" : "last");
  const loaded = wanted === "last" ? last : await loadCheckpoint(folder, wanted === "best" ? "best" : Number(wanted));
  if (!loaded) throw fileError(noWholeCheckpoint, folder, { folder, which: "last", reason: "the run has saved none yet", steps: [] });
  return loaded;
}

function isStep(which: string | undefined): boolean {
  if (which === undefined || which === "best" || which === "last") return false;
  if (/^\d+$/.test(which)) return true;
  throw fileError(wrongFlag, "", { flag: "--checkpoint", given: which, wanted: "`best`, `last` or the number of a step" });
}

/** The tokenizer of a run's folder; null when it has none. */
export async function tokenizerIn(folder: string): Promise<Tokenizer | null> {
  const path = join(folder, "tokenizer.json");
  return existsSync(path) ? parseTokenizer(await readWhole({ path, name: path }), path) : null;
}

/** A number from a flag. Throws UserError when it is none or out of range. */
export function flagNumber(flag: string, text: string | undefined, { minimum = -Infinity, maximum = Infinity, whole = false }: { minimum?: number; maximum?: number; whole?: boolean } = {}): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value) && value >= minimum && value <= maximum && (!whole || Number.isInteger(value))) return value;
  const range = maximum < Infinity ? ` from ${minimum} to ${maximum}` : minimum > -Infinity ? ` of at least ${minimum}` : "";
  throw fileError(wrongFlag, "", { flag, given: text, wanted: `a ${whole ? "whole " : ""}number${range}` });
}
