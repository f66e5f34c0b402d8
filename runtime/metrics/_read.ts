// Predictions and references in files: JSON arrays, JSON lines, plain lines; checked against what a metric is computed from.

import { resolve } from "node:path";
import { differentLengths } from "../../grammar/diagnostics/PT7402-different-lengths.ts";
import { nothingToScore } from "../../grammar/diagnostics/PT7403-nothing-to-score.ts";
import { wrongPredictions } from "../../grammar/diagnostics/PT7401-wrong-predictions.ts";
import { readNamed } from "../files/read.ts";
import { readWhole } from "../files/text.ts";
import { fileError } from "../files/user-error.ts";
import type { Kind, Label } from "./define.ts";
import { forms, type Form } from "./_forms.ts";

export interface Read { readonly predictions: readonly never[]; readonly references: readonly never[] }

/** Both sides, of one length of at least 1. Throws UserError. */
export async function readItems(kind: Kind, predictionsFile: string, referencesFile: string, cwd: string): Promise<Read> {
  const { prediction, reference, fit } = forms[kind];
  const predictions = await readSide(prediction, predictionsFile, cwd);
  const references = await readSide(reference, referencesFile, cwd);
  if (predictions.length !== references.length) throw fileError(differentLengths, predictionsFile, { predictions: predictions.length, references: references.length, what: "items are", item: null });
  for (let i = 0; i < predictions.length; i++) {
    const misfit = fit?.(predictions[i] as never, references[i] as never);
    if (misfit && "lengths" in misfit) throw fileError(differentLengths, predictionsFile, { predictions: misfit.lengths[0], references: misfit.lengths[1], what: "tags are", item: i + 1 });
    if (misfit) throw fileError(wrongPredictions, referencesFile, { file: referencesFile, item: i + 1, ...misfit });
  }
  if (kind === "labels") checkTypes(predictions as Label[], references as Label[], predictionsFile, referencesFile);
  return { predictions: predictions as never[], references: references as never[] };
}

async function readSide(form: Form<unknown>, file: string, cwd: string): Promise<unknown[]> {
  const raw = await rawItems(form, file, cwd);
  if (!raw.length) throw fileError(nothingToScore, file, { file });
  return raw.map((value, i) => {
    const item = form.read(value);
    if (item === undefined) throw fileError(wrongPredictions, file, { file, item: i + 1, wanted: form.wanted, found: describe(value) });
    return item;
  });
}

/** A file that begins with `[` and is one JSON array; a `.jsonl` file; else lines, each read by the form. */
async function rawItems(form: Form<unknown>, file: string, cwd: string): Promise<unknown[]> {
  const path = resolve(cwd, file);
  // Where bytes were not UTF-8 the strict reader says where; it also takes what really has the replacement character.
  let text = readNamed(path, file);
  if (text.includes("\ufffd")) text = await readWhole({ path, name: file });
  text = text.replace(/^\ufeff/, "");
  const isLines = /\.(jsonl|ndjson)$/i.test(file);
  if (!isLines && (text.trimStart().startsWith("[") || /\.json$/i.test(file))) {
    const json = parsed(text);
    if (Array.isArray(json.value)) return json.value;
    if (/\.json$/i.test(file)) throw fileError(wrongPredictions, file, { file, item: null, wanted: "a JSON array", found: "problem" in json ? `no JSON (${json.problem})` : describe(json.value) });
  }
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  if (!isLines) return lines.map((line) => form.line(line));
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const json = parsed(line);
    if ("problem" in json) throw fileError(wrongPredictions, file, { file, item: i + 1, wanted: "one JSON value a line", found: `no JSON (${json.problem})` });
    return [json.value];
  });
}

function parsed(text: string): { readonly value: unknown } | { readonly problem: string; readonly value?: undefined } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** Labels as numbers on one side and as texts on the other would never be the same. */
function checkTypes(predictions: readonly Label[], references: readonly Label[], predictionsFile: string, referencesFile: string): void {
  const typeOf = (side: readonly Label[]): string | null => (side.every((label) => typeof label === typeof side[0]) ? typeof side[0] : null);
  const [given, right] = [typeOf(predictions), typeOf(references)];
  if (given === null || right === null || given === right) return;
  const words: Readonly<Record<string, string>> = { number: "whole numbers", string: "texts" };
  throw fileError(wrongPredictions, predictionsFile, { file: predictionsFile, item: null, wanted: `a list of ${words[right]} as in \`${referencesFile}\``, found: `a list of ${words[given]}` });
}

function describe(value: unknown): string {
  if (value === null) return "`null`";
  if (Array.isArray(value)) return value.length ? `a list with ${describe(value.find((one) => typeof one !== typeof value[0]) ?? value[0])}` : "an empty list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value);
  return `\`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``;
}
