// From what was generated to the answer that is scored.

import type { PlanAnswer } from "../../compiler/plan/evaluation.ts";

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
