// What the variants of a fine-tuning came to: by number of labelled examples, pretrained beside random weights.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../compiler/plan/schema.ts";
import { writeAtomically } from "../files/write.ts";
import { metrics as knownMetrics } from "../metrics/index.ts";
import { table } from "../terminal/table.ts";
import { namedMetrics } from "../../compiler/metric-names.ts";
import { readResult } from "./result.ts";

/** A trained variant. */
export interface Compared { readonly plan: Plan; readonly folder: string; readonly examples: number | null; readonly scratch: boolean }

export interface Measured {
  readonly run: string;
  readonly hash: string;
  readonly value: number | null;
  /** The learning curve: each evaluation while it trained. */
  readonly curve: readonly { readonly step: number; readonly value: number | null }[];
}

export interface Comparison {
  readonly name: string;
  readonly metric: string;
  readonly higher_is_better: boolean;
  /** The fewest examples first. */
  readonly rows: readonly { readonly examples: number; readonly pretrained: Measured; readonly scratch: Measured | null }[];
  /** How many labels pretraining saves; null where nothing is compared with random weights. */
  readonly statement: string | null;
}

const comparisonFile = "comparison.json";

/** Null where there is but one run, or nothing was measured. Writes `comparison.json` into the folder of the first. */
export function compareVariants(name: string, variants: readonly Compared[]): Comparison | null {
  const [first] = variants;
  const [asked] = namedMetrics(first.plan.evaluation?.metrics ?? []);
  if (variants.length < 2 || !asked) return null;
  const higher = knownMetrics[asked.call.word as keyof typeof knownMetrics].better === "higher";
  const counts = [...new Set(variants.map((variant) => variant.examples))];
  const rows = counts.map((examples) => {
    const of = (scratch: boolean): Compared | undefined => variants.find((variant) => variant.examples === examples && variant.scratch === scratch);
    const scratch = of(true);
    return { examples: trainedOn(of(false)!), pretrained: measured(of(false)!, asked.name), scratch: scratch ? measured(scratch, asked.name) : null };
    // Counts that a run's steps do not reach come to the same training: one row, of the most labels.
  }).filter((row, i, all) => all.findIndex(({ examples }) => examples === row.examples) === i).sort((a, b) => a.examples - b.examples);
  const comparison: Comparison = { name, metric: asked.name, higher_is_better: higher, rows, statement: statementOf(rows, asked.name, higher) };
  writeAtomically(join(first.folder, comparisonFile), `${JSON.stringify(comparison, null, 2)}\n`);
  return comparison;
}

function measured({ plan: { name, hash }, folder }: Compared, metric: string): Measured {
  const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line) as { step: number; evaluation?: { [metric: string]: number } });
  const curve = lines.flatMap(({ step, evaluation }) => (evaluation ? [{ step, value: evaluation[metric] ?? null }] : []));
  return { run: name, hash, value: readResult(folder)?.metrics[metric] ?? null, curve };
}

/** Rows with an answer that the run was trained on: fewer than there are where its steps end before the first epoch does. */
function trainedOn({ plan, folder }: Compared): number {
  const { sources } = JSON.parse(readFileSync(join(folder, "data.json"), "utf8")) as { sources: readonly { readonly answers?: number }[] };
  const all = sources.reduce((sum, { answers = 0 }) => sum + answers, 0);
  const steps = readResult(folder)?.step;
  return steps === undefined ? all : Math.min(all, steps * plan.batch.examples);
}

/** From how few labels the pretrained model does as well as random weights with the most. */
export function statementOf(rows: Comparison["rows"], metric: string, higher: boolean): string | null {
  const most = rows.findLast((row) => row.scratch !== null && row.scratch.value !== null);
  const value = most?.scratch?.value;
  if (!most || value === null || value === undefined) return null;
  const reaches = (one: number | null): boolean => one !== null && (higher ? one >= value : one <= value);
  const fewest = rows.find(({ pretrained }) => reaches(pretrained.value));
  const shown = (one: number): string => one.toFixed(3);
  const labels = (count: number): string => `${count.toLocaleString("en")} label${count === 1 ? "" : "s"}`;
  const beside = (row: Comparison["rows"][number]): string => `${metric} ${shown(row.pretrained.value!)} against ${shown(value)}`;
  if (!fewest) return `with ${labels(most.examples)} the pretrained model does not reach what random weights do: ${metric} ${most.pretrained.value === null ? "has no value" : shown(most.pretrained.value)} against ${shown(value)}`;
  if (fewest.examples >= most.examples) return `with ${labels(most.examples)} the pretrained model does ${most.pretrained.value === value ? "as well as" : "better than"} random weights (${beside(most)})${rows[0].examples < most.examples ? "; with fewer labels it does not reach what random weights do with all" : ""}`;
  const needed = rows.find(({ scratch }) => reaches(scratch?.value ?? null))!.examples;
  if (needed <= fewest.examples) return `with ${labels(fewest.examples)} the pretrained model does what random weights do with all, and so ${needed < fewest.examples ? `do random weights with ${needed.toLocaleString("en")}` : "do random weights"}: no labels are saved (${beside(fewest)})`;
  return `with ${labels(fewest.examples)} the pretrained model reaches what random weights need ${needed.toLocaleString("en")} for (${beside(fewest)})`;
}

export function comparisonText({ name, metric, rows, statement }: Comparison): string {
  const cell = (one: Measured | null): string => (one?.value === null || one === null ? "" : one.value.toFixed(3));
  const compared = rows.some((row) => row.scratch);
  const head = ["labels", compared ? "pretrained" : metric, ...(compared ? ["from scratch"] : [])];
  const lines = rows.map((row) => [row.examples.toLocaleString("en"), cell(row.pretrained), ...(compared ? [cell(row.scratch)] : [])]);
  return `${name}: ${metric} by number of labelled examples\n${table([head, ...lines], { indent: "  ", right: [0, 1, 2] })}\n${statement === null ? "" : `${statement}\n`}`;
}
