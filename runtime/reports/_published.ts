// The published table beside ours: rows matched by label, columns by name, and whether their orderings agree.

import { agreementOf, type Agreement, type Compare } from "./_agreement.ts";
import type { AblationSummary, MeasureSummary } from "./_summary.ts";
import { deviations } from "./_statistics.ts";

export interface PublishedComparison {
  readonly file: string;
  /** Columns that hold numbers. */
  readonly columns: readonly PublishedColumn[];
  /** Rows that both tables have: ours by number, in our order. */
  readonly matched: readonly { readonly row: number; readonly published: number }[];
  /** Labels that only the published table has. */
  readonly unmatched: readonly string[];
  /** Ours that stands for the published baseline: the row of its label, or one that is the same run. */
  readonly agreements: readonly ColumnAgreement[];
}

export interface PublishedColumn {
  readonly title: string;
  readonly higherIsBetter: boolean;
  /** From a row that is called a standard deviation. */
  readonly deviation: number | null;
  /** By our row; null where the table has none. */
  readonly values: readonly (number | null)[];
  /** Against the published value of our baseline's row, where it has one. */
  readonly differences: readonly (number | null)[];
  /** The measure that has this name, if any. */
  readonly measure: MeasureSummary | null;
}

/** `rows` are those compared, by our numbers; the pairs of `agreement` count within it. */
export interface ColumnAgreement { readonly measure: MeasureSummary; readonly column: PublishedColumn; readonly rows: readonly number[]; readonly agreement: Agreement }

export function comparePublished(summary: AblationSummary): PublishedComparison | null {
  const { published } = summary.result;
  if (!published) return null;
  const spread = published.rows.findIndex(({ label }) => isSpread(label));
  const byLabel = new Map(published.rows.map(({ label }, i) => [plainLabel(label), i]));
  const matched = summary.rows.flatMap(({ row }, i) => {
    const found = byLabel.get(plainLabel(row.label));
    return found === undefined || found === spread ? [] : [{ row: i, published: found }];
  });
  const counterparts = new Map(matched.map(({ row, published: other }) => [row, other]));
  const baseline = summary.rows.findIndex(({ row }) => row.baseline);
  const base = counterparts.get(baseline) ?? counterparts.get(summary.rows.findIndex(({ sameAsBaseline }, i) => sameAsBaseline && counterparts.has(i)));
  const columns = published.columns.flatMap((title, k): PublishedColumn[] => {
    const at = (row: number | undefined): number | null => (row === undefined ? null : (published.rows[row].values[k] ?? null));
    const values = summary.rows.map((_, i) => at(counterparts.get(i)));
    if (values.every((value) => value === null)) return [];
    const measure = measureOf(title, summary.measures);
    const reference = at(base);
    return [{ title, higherIsBetter: measure?.measure.higher_is_better ?? !/loss|perplexity|\bppl\b|error|bits|\bwer\b|\bcer\b/i.test(title), deviation: spread < 0 ? null : at(spread), values, differences: values.map((value) => (value === null || reference === null ? null : value - reference)), measure }];
  });
  const distinct = withoutTwins(matched.map(({ row }) => row), summary);
  const named = columns.filter(({ measure }) => measure);
  const pairs = named.length ? named.map((column) => ({ column, measure: column.measure! })) : summary.measures.flatMap((measure) => columns.filter(({ title }) => !isSize(title)).map((column) => ({ column, measure })));
  const agreements = pairs.map(({ column, measure }): ColumnAgreement => {
    const rows = distinct.filter((i) => column.values[i] !== null && measure.cells[i].moments);
    const ours: Compare = (a, b) => measure.compare(rows[a], rows[b]);
    return { measure, column, rows, agreement: agreementOf(rows.length, ours, (a, b) => comparedValues(column, rows[a], rows[b])) };
  });
  const known = new Set(matched.map(({ published: other }) => other));
  return { file: published.file, columns, matched, unmatched: published.rows.flatMap(({ label }, i) => (known.has(i) || i === spread ? [] : [label])), agreements };
}

/** A row of standard deviations instead of results. */
export const isSpread = (label: string): boolean => /standard deviation|std\.?\b/i.test(label);

/** A row that is the baseline under another label would tie with it by definition: one of them is compared. */
function withoutTwins(rows: readonly number[], summary: AblationSummary): number[] {
  const baselines = rows.filter((i) => summary.rows[i].row.baseline || summary.rows[i].sameAsBaseline);
  return rows.filter((i) => !baselines.includes(i) || i === baselines[0]);
}

function comparedValues({ values, deviation, higherIsBetter }: PublishedColumn, i: number, j: number): number {
  const difference = values[i]! - values[j]!;
  const tied = Math.abs(difference) <= deviations * (deviation ?? 0) + 1e-12 * Math.abs(values[i]!);
  return tied ? 0 : Math.sign(higherIsBetter ? difference : -difference);
}

/** Sizes and counts are no measures, though they are numbers. */
const isSize = (title: string): boolean => /^(params?|parameters|size|flops|tokens|layers|cost|steps?|[a-z]?%)$/i.test(title.trim());

function measureOf(title: string, measures: readonly MeasureSummary[]): MeasureSummary | null {
  const wanted = plainLabel(title);
  const whole = measures.filter(({ measure }) => plainLabel(measure.name) === wanted);
  const found = whole.length ? whole : measures.filter(({ measure }) => measure.name.split(".").some((part) => plainLabel(part) === wanted) || plainLabel(measure.metric) === wanted);
  return found.length === 1 ? found[0] : null;
}

/** Case, punctuation and spaces make no other label. */
function plainLabel(label: string): string {
  return label.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}%]+/gu, " ").trim();
}
