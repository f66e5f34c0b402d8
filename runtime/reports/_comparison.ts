// `comparison.json` of a fine-tuning: the same task from pretrained and from random weights, by the number of labelled examples.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readNamed } from "../files/read.ts";
import type { Point } from "./_curves.ts";

export interface Comparison {
  readonly metric: string;
  readonly rows: readonly ComparisonRow[];
  /** How many labels pretraining saves, of one seed. */
  readonly statement: string | null;
}

export interface ComparisonRow {
  readonly start: "pretrained" | "from scratch";
  readonly examples: number;
  readonly seed: number;
  readonly value: number;
  /** Evaluations while it trained. */
  readonly curve: readonly Point[];
}

/** As the runtime writes it (`runtime/runs/comparison.ts`). */
interface Written {
  readonly metric: string;
  readonly rows: readonly { readonly examples: number; readonly pretrained: Measured; readonly scratch: Measured | null }[];
  readonly statement: string | null;
}
interface Measured { readonly value: number | null; readonly curve: readonly { readonly step: number; readonly value: number | null }[] }

/** Null where there is none, or it is not of this form. Its rows are of seed 0. */
export function readComparison(folder: string): Comparison | null {
  const path = join(folder, "comparison.json");
  if (!existsSync(path)) return null;
  let written: Partial<Written> | null;
  try {
    written = JSON.parse(readNamed(path, path)) as Partial<Written> | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof written?.metric !== "string" || !Array.isArray(written.rows)) return null;
  const rows = (written as Written).rows.flatMap(({ examples, pretrained, scratch }) => ([["pretrained", pretrained], ["from scratch", scratch]] as const).flatMap(([start, measured]): ComparisonRow[] =>
    typeof measured?.value === "number" ? [{ start, examples, seed: 0, value: measured.value, curve: measured.curve.flatMap(({ step, value }) => (typeof value === "number" ? [{ step, value }] : [])) }] : []));
  return rows.length ? { metric: written.metric, rows, statement: written.statement ?? null } : null;
}
