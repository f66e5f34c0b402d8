// Power laws of an ablation's measures over parameters, tokens and operations.

import { fitsOf, type Fit, type FitPoint } from "./_fit.ts";
import { fitJoint, type JointFit } from "./_joint.ts";
import type { AblationRow } from "./_result.ts";
import type { AblationSummary, MeasureSummary } from "./_summary.ts";

export const quantities = ["parameters", "tokens", "flops"] as const;
export type Quantity = (typeof quantities)[number];

export interface ScalingFit {
  readonly measure: MeasureSummary;
  readonly over: Quantity;
  /** In a grid, which of its rows: those with this amount of the other quantity. Null for all rows. */
  readonly at: { readonly quantity: Quantity; readonly amount: number } | null;
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
  const varied = variedIn(summary);
  const both = varied.includes("parameters") && varied.includes("tokens");
  return falling(summary).flatMap((measure) => quantities.filter((quantity) => over.includes(quantity) && varied.includes(quantity)).flatMap((quantity): ScalingFit[] => {
    const present = presentIn(summary, measure).filter((i) => amountOf(summary.rows[i].row, quantity) !== null);
    const made = (rows: readonly number[], at: ScalingFit["at"], besides: readonly Quantity[]): ScalingFit => {
      const points = rows.map((i) => ({ x: amountOf(summary.rows[i].row, quantity)!, values: valuesOf(summary, measure, i) }));
      return { measure, over: quantity, at, rows, points, fits: fitsOf(points), besides };
    };
    if (quantity === "flops") return [made(both ? present.filter((i) => !present.some((j) => beats(summary, measure, j, i))) : present, null, [])];
    const other = quantity === "parameters" ? "tokens" : "parameters";
    const groups = both ? groupsBy(summary, present, quantity, other) : null;
    // Operations are the product of the others: they vary with them by what they are.
    if (groups === null) return [made(present, null, varied.filter((one) => one !== quantity && one !== "flops"))];
    return groups.map(({ amount, rows }) => made(rows, { quantity: other, amount }, []));
  }));
}

/** Of each measure over parameters and tokens together, where both were asked for and vary. */
export function jointFits(summary: AblationSummary): { readonly measure: MeasureSummary; readonly fit: JointFit; /** Operations for each parameter and token, and the most operations of a row. */ readonly cost: number; readonly most: number; /** Whether numbers of parameters and tokens lie within those of the rows. */ readonly within: (best: { readonly parameters: number; readonly tokens: number }) => boolean }[] {
  const over = summary.result.fit?.over ?? [];
  if (!over.includes("parameters") || !over.includes("tokens")) return [];
  return falling(summary).flatMap((measure) => {
    const rows = presentIn(summary, measure).flatMap((i) => {
      const { parameters, tokens, flops } = summary.rows[i].row;
      return tokens && parameters ? [{ parameters, tokens, flops: flops ?? 6 * parameters * tokens, values: valuesOf(summary, measure, i) }] : [];
    });
    const fit = fitJoint(rows);
    if (!fit) return [];
    const costs = rows.map(({ parameters, tokens, flops }) => flops / (parameters * tokens)).sort((a, b) => a - b);
    const inside = (value: number, seen: readonly number[]): boolean => value >= Math.min(...seen) && value <= Math.max(...seen);
    const within = (best: { readonly parameters: number; readonly tokens: number }): boolean => inside(best.parameters, rows.map(({ parameters }) => parameters)) && inside(best.tokens, rows.map(({ tokens }) => tokens));
    return [{ measure, fit, within, cost: costs[Math.floor(costs.length / 2)], most: Math.max(...rows.map(({ flops }) => flops)) }];
  });
}

export const amountOf = (row: AblationRow, quantity: Quantity): number | null => row[quantity];

const variedIn = (summary: AblationSummary): Quantity[] => quantities.filter((quantity) => new Set(summary.rows.map(({ row }) => amountOf(row, quantity))).size > 1);

const falling = (summary: AblationSummary): MeasureSummary[] => summary.measures.filter(({ measure }) => !measure.higher_is_better);

/** Rows with results. One of the same jobs as the baseline would count twice, and one that is not trained is no point of a law. */
const presentIn = (summary: AblationSummary, measure: MeasureSummary): number[] => summary.rows.flatMap(({ row, sameAsBaseline }, i) => (measure.cells[i].moments && !sameAsBaseline && row.tokens !== 0 ? [i] : []));

const valuesOf = (summary: AblationSummary, { measure }: MeasureSummary, i: number): number[] => (summary.rows[i].row.results[measure.name] ?? []).map(({ value }) => value);

/** Rows by their amount of the other quantity, ascending, if that makes a grid: at least two amounts, each with three amounts of the first. */
function groupsBy({ rows }: AblationSummary, present: readonly number[], quantity: Quantity, other: Quantity): { readonly amount: number; readonly rows: readonly number[] }[] | null {
  const amounts = [...new Set(present.map((i) => amountOf(rows[i].row, other)))].filter((amount) => amount !== null).sort((a, b) => a - b);
  const groups = amounts.map((amount) => ({ amount, rows: present.filter((i) => amountOf(rows[i].row, other) === amount) }));
  const enough = groups.every((group) => new Set(group.rows.map((i) => amountOf(rows[i].row, quantity))).size >= 3);
  return groups.length > 1 && enough ? groups : null;
}

/** Row j costs no more and loses less than row i. */
function beats({ rows }: AblationSummary, { cells }: MeasureSummary, j: number, i: number): boolean {
  const [a, b] = [rows[j].row.flops!, rows[i].row.flops!];
  return j !== i && a <= b && cells[j].moments!.mean < cells[i].moments!.mean;
}
