// `comparison.json` of a fine-tuning: the same task from pretrained and from random weights, by the number of labelled examples.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readNamed } from "../files/read.ts";

export interface Comparison {
  readonly name: string;
  readonly rows: readonly ComparisonRow[];
}

export interface ComparisonRow {
  /** `pretrained`, `scratch`, or another beginning. */
  readonly start: string;
  /** Labelled examples; null for all of them. */
  readonly examples: number | null;
  readonly seed: number | null;
  readonly metrics: { readonly [metric: string]: number };
}

/** Null where there is none, or it is not of this form. */
export function readComparison(folder: string): Comparison | null {
  const path = join(folder, "comparison.json");
  if (!existsSync(path)) return null;
  try {
    const { name, rows } = JSON.parse(readNamed(path, path)) as Partial<Comparison>;
    if (!Array.isArray(rows)) return null;
    const whole = rows.flatMap((row: Partial<ComparisonRow> | null): ComparisonRow[] =>
      typeof row?.start === "string" && typeof row.metrics === "object" && row.metrics !== null ? [{ start: row.start, examples: row.examples ?? null, seed: row.seed ?? null, metrics: row.metrics }] : []);
    return whole.length ? { name: name ?? "", rows: whole } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
