// What a data source holds: documents, rows, labels, what is malformed and what its rules of cleaning removed.

import type { PlanFiles, PlanSource, PlanSynthetic } from "../../compiler/plan/schema.ts";
import { namesOfSource } from "../../compiler/plan/source.ts";
import type { ColumnValue } from "../columns/define.ts";
import { documentsOf, rowsOf, type DocumentOptions, type SourceSummary } from "./documents.ts";
import { labelsIn, labelsOf } from "./labels.ts";
import { decodedPictures } from "./pictures.ts";

export interface SourceAccount extends SourceSummary {
  readonly name: string;
  /** Of a mixture's examples; 1 for a source of its own. */
  readonly share: number;
  readonly source: PlanFiles | PlanSynthetic;
  /** Documents or rows of the part, cleaned. */
  readonly examples: number;
  /** Rows of each label, in the order of their ids, by column. */
  readonly labels: { readonly [column: string]: readonly { readonly label: string; readonly count: number }[] };
  readonly first: readonly { readonly file: string; readonly line: number; readonly values: { readonly [column: string]: ColumnValue } }[];
}

/** Reads all of it, `shown` examples into memory. Throws UserError. */
export async function accountOf(name: string, source: PlanSource, options: DocumentOptions, shown: number): Promise<SourceAccount[]> {
  if (source.kind !== "mixture") return [await leafAccount(name, 1, source, options, shown)];
  const accounts: SourceAccount[] = [];
  for (const entry of source.entries) accounts.push(await leafAccount(entry.name, entry.share, entry.source, options, shown));
  return accounts;
}

async function leafAccount(name: string, share: number, source: PlanFiles | PlanSynthetic, options: DocumentOptions, shown: number): Promise<SourceAccount> {
  const counts = new Map<string, Map<string, number>>();
  if (source.kind === "files") for (const [column, labels] of Object.entries(await labelsOf(source, options))) counts.set(column, new Map(labels.map((label) => [label, 0])));
  const first: SourceAccount["first"][number][] = [];
  let examples = 0;
  const pictured = source.kind === "files" && Object.values(source.columns).some(({ image }) => image);
  const rows = source.kind === "files" ? rowsOf(source, pictured ? { ...options, pictures: await decodedPictures() } : options) : drawnRows(source, options);
  for (;;) {
    const next = await rows.next();
    if (next.done) {
      const labels = Object.fromEntries([...counts].map(([column, list]) => [column, [...list].map(([label, count]) => ({ label, count }))]));
      return { ...next.value, name, share, source, examples, labels, first };
    }
    for (const row of next.value) {
      examples++;
      if (first.length < shown) first.push(row);
      for (const [column, list] of counts) for (const label of labelsIn(row.values[column])) list.set(label, list.get(label)! + 1);
    }
  }
}

async function* drawnRows(source: PlanSynthetic, options: DocumentOptions): AsyncGenerator<SourceAccount["first"], SourceSummary> {
  const documents = documentsOf(source, options);
  const [file] = namesOfSource(source);
  let line = 0;
  for (;;) {
    const next = await documents.next();
    if (next.done) return next.value;
    yield next.value.map((ids) => ({ file, line: ++line, values: { ids } }));
  }
}
