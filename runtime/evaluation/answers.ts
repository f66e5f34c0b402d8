// From what was generated to the answer that is scored.

import type { PlanAnswer } from "../../compiler/plan/evaluation.ts";
import type { Tokenizer } from "../tokenizers/define.ts";

/** What comes before the first of the texts that end an answer. */
export function cutAt(text: string, stop: readonly string[]): string {
  const ends = stop.map((end) => text.indexOf(end)).filter((at) => at >= 0);
  return ends.length ? text.slice(0, Math.min(...ends)) : text;
}

/** The answer behind its reasoning, without white space around it; null where there is none. */
export function extractAnswer(text: string, { after, pattern }: PlanAnswer): string | null {
  if (pattern !== null) return [...text.matchAll(new RegExp(pattern, "gu"))].at(-1)?.[1]?.trim() ?? null;
  const at = text.lastIndexOf(after!);
  if (at < 0) return null;
  return text.slice(at + after!.length).trimStart().split("\n", 1)[0].trim().replace(/\.$/, "").trim();
}

/** Whether new ids hold one of the texts; only their tail is looked at, since all before it was. An id is at least one byte. */
export function endsIn(stop: readonly string[], tokenizer: Tokenizer): (ids: readonly number[]) => boolean {
  const tail = 4 * Math.max(0, ...stop.map((text) => text.length)) + 4;
  return (ids) => stop.length > 0 && stop.some((text) => tokenizer.decode(ids.slice(-tail), { special: true }).includes(text));
}

/** The text of new ids before anything that ends it, which may be special tokens that a text does not show. */
export function textOf(ids: readonly number[], stop: readonly string[], tokenizer: Tokenizer): string {
  const ends = endsIn(stop, tokenizer);
  const length = ids.findIndex((_, i) => ends(ids.slice(0, i + 1)));
  return cutAt(tokenizer.decode(length < 0 ? ids : ids.slice(0, length + 1)), stop);
}
