// Power laws of an ablation's measures over parameters, tokens and operations.

import { fitsOf, type Fit, type FitPoint } from "./_fit.ts";
import type { AblationRow } from "./_result.ts";
import type { AblationSummary, MeasureSummary } from "./_summary.ts";

export const quantities = ["parameters", "tokens", "flops"] as const;
export type Quantity = (typeof quantities)[number];

export interface ScalingFit {
  readonly measure: MeasureSummary;
  readonly over: Quantity;
  /** Rows that count, by their number: where tokens and parameters both vary, of operations only those that no cheaper row beats. */
  readonly rows: readonly number[];
  readonly points: readonly FitPoint[];
  readonly fits: readonly Fit[];
  /** Quantities that vary with it: the law is of all of them together. */
  readonly besides: readonly Quantity[];
}

/** For measures that fall with scale (losses), over the quantities that were asked for and that vary. */
export function scalingFits(summary: AblationSummary): ScalingFit[] {
  const over = summary.result.fit?.over ?? [];
  const varied = quantities.filter((quantity) => new Set(summary.rows.map(({ row }) => amountOf(row, quantity))).size > 1);
  return summary.measures.filter(({ measure }) => !measure.higher_is_better).flatMap((measure) => quantities.filter((quantity) => over.includes(quantity) && varied.includes(quantity)).map((quantity): ScalingFit => {
    // A row that is not trained is no point of a law.
    const present = summary.rows.flatMap(({ row, sameAsBaseline }, i) => (amountOf(row, quantity) && row.tokens !== 0 && measure.cells[i].moments && !sameAsBaseline ? [i] : []));
    const both = varied.includes("parameters") && varied.includes("tokens");
    const rows = quantity === "flops" && both ? present.filter((i) => !present.some((j) => beats(summary, measure, j, i))) : present;
    const points = rows.map((i) => ({ x: amountOf(summary.rows[i].row, quantity)!, values: (summary.rows[i].row.results[measure.measure.name] ?? []).map(({ value }) => value) }));
    // Operations are the product of the others: they vary with them by what they are.
    const besides = quantity === "flops" ? [] : varied.filter((other) => other !== quantity && other !== "flops");
    return { measure, over: quantity, rows, points, fits: fitsOf(points), besides };
  }));
}

export const amountOf = (row: AblationRow, quantity: Quantity): number | null => row[quantity];

/** Row j costs no more and loses less than row i. */
function beats({ rows }: AblationSummary, { cells }: MeasureSummary, j: number, i: number): boolean {
  const [a, b] = [rows[j].row.flops!, rows[i].row.flops!];
  return j !== i && a <= b && cells[j].moments!.mean < cells[i].moments!.mean;
}
