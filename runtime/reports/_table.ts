// An ablation's table: as a block for reports and terminals, as CSV and as JSON. Neither time nor machine is in it, so that the same results make the same bytes.

import type { Block, Column, TableRow } from "./_blocks.ts";
import { short } from "../terminal/numbers.ts";
import { plainText, steady, uncertainText } from "./_number-text.ts";
import { comparePublished } from "./_published.ts";
import { jointFits, scalingFits } from "./_scaling.ts";
import type { AblationSummary, Cell, MeasureSummary, RowSummary } from "./_summary.ts";

/** Says what the marks of a table mean. */
export const markText = "* more than two standard deviations of the baseline away from the baseline's mean";

export function ablationTable(summary: AblationSummary): Extract<Block, { kind: "table" }> {
  const published = comparePublished(summary);
  const columns: Column[] = [{ title: "" }];
  for (const { measure } of summary.measures) {
    columns.push({ title: `${measure.name}\u00a0${measure.higher_is_better ? "↑" : "↓"}`, numeric: true }, { title: "difference", numeric: true });
    if (published?.columns.some((column) => column.measure?.measure === measure)) columns.push({ title: "published", numeric: true }, { title: "ours − published", numeric: true });
  }
  columns.push({ title: "parameters", numeric: true }, { title: "FLOPs", numeric: true }, { title: "seeds", numeric: true });
  const rows = summary.rows.map((rowSummary, i): TableRow => {
    const { row, problems } = rowSummary;
    const cells = [row.label];
    for (const one of summary.measures) {
      const cell = one.cells[i];
      cells.push(valueText(cell, rowSummary), differenceText(one, cell, rowSummary));
      const column = published?.columns.find(({ measure }) => measure === one);
      if (column) {
        const value = column.values[i];
        cells.push(value === null ? "" : plainText(value), value === null || !cell.moments ? "" : uncertainText(cell.moments.mean - value, cell.moments.deviation, true));
      }
    }
    cells.push(short(row.parameters), row.flops === null ? "" : short(row.flops, "G"), seedsText(rowSummary));
    return { cells, strong: row.baseline, ...(problems.length ? { note: problems.join("; ") } : {}) };
  });
  return { kind: "table", caption: "", columns, rows };
}

function valueText({ moments }: Cell, { row, problems }: RowSummary): string {
  if (moments) return uncertainText(moments.mean, moments.deviation);
  return row.jobs.some(({ status }) => status === "failed") ? "failed" : problems.length ? "waiting" : "—";
}

function differenceText({ baseline }: MeasureSummary, { difference, beyond }: Cell, { row, sameAsBaseline }: RowSummary): string {
  if (row.baseline) return baseline ? "baseline" : "";
  if (!difference) return "";
  return sameAsBaseline ? "the same runs" : `${uncertainText(difference.value, difference.error, true)}${beyond ? " *" : ""}`;
}

export function seedsText({ seeds: [fewest, most] }: RowSummary): string {
  return fewest === most ? String(most) : `${fewest}–${most}`;
}

/** RFC 4180, a header first, all digits that mean something. */
export function ablationCsv(summary: AblationSummary): string {
  const published = comparePublished(summary);
  const { result } = summary;
  const header = ["label", ...result.axes.map(({ title }) => title), ...result.measures.flatMap(({ name }) => [name, `${name} deviation`, `${name} n`, `${name} difference`, `${name} difference error`, `${name} beyond`, `${name} place from`, `${name} place to`]), ...(published?.columns.map(({ title }) => `published ${title}`) ?? []), "parameters", "flops", "tokens", "problems"];
  const lines = summary.rows.map(({ row, problems }, i) => [
    row.label,
    ...result.axes.map((_, k) => row.values[k] ?? ""),
    ...summary.measures.flatMap(({ cells }) => {
      const { moments, difference, beyond, place } = cells[i];
      return [moments?.mean, moments?.deviation, moments?.n, difference?.value, difference?.error, beyond, place?.from, place?.to];
    }),
    ...(published?.columns.map(({ values }) => values[i]) ?? []),
    row.parameters, row.flops, row.tokens, problems.join("; "),
  ]);
  return csvText([header, ...lines]);
}

export function csvText(lines: readonly (readonly (string | number | boolean | null | undefined)[])[]): string {
  const field = (value: string | number | boolean | null | undefined): string => {
    const plain = value === null || value === undefined ? "" : typeof value === "number" ? String(steady(value)) : String(value);
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return lines.map((line) => `${line.map(field).join(",")}\n`).join("");
}

export function ablationJson(summary: AblationSummary): object {
  const { result } = summary;
  const published = comparePublished(summary);
  const rounded = <T>(value: T): T => JSON.parse(JSON.stringify(value), (_, inner: unknown) => (typeof inner === "number" ? steady(inner) : inner)) as T;
  return rounded({
    name: result.name,
    hash: result.hash,
    seeds: result.seeds,
    axes: result.axes,
    measures: result.measures,
    rows: summary.rows.map(({ row, problems, sameAsBaseline }, i) => ({
      label: row.label, values: row.values, baseline: row.baseline, same_as_baseline: sameAsBaseline, parameters: row.parameters, flops: row.flops, tokens: row.tokens,
      measures: Object.fromEntries(summary.measures.flatMap(({ measure, cells }) => {
        const { moments, difference, beyond, place } = cells[i];
        return moments ? [[measure.name, { mean: moments.mean, deviation: moments.deviation, n: moments.n, difference, beyond, place }]] : [];
      })),
      published: published ? Object.fromEntries(published.columns.map(({ title, values }) => [title, values[i]])) : null,
      changes: row.changes,
      jobs: row.jobs.map(({ seed, run, kind, hash, status, why }) => ({ seed, run, kind, hash, status, why })),
      problems,
    })),
    agreement: published?.agreements.map(({ measure, column, agreement }) => ({ measure: measure.measure.name, published: column.title, tau: agreement.tau, ...agreement.counts })) ?? null,
    fits: scalingFits(summary).map(({ measure, over, at, fits }) => ({ measure: measure.measure.name, over, at, fits })),
    joint_fits: jointFits(summary).map(({ measure, fit }) => ({ measure: measure.measure.name, fit })),
    asserts: result.asserts,
  });
}
