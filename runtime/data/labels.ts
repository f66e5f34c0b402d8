// The classes of labelled columns. Ids follow the order that the spec gives, else the natural order of all labels of the source,
// whatever its parts and the order of its files: a later run on the same files has the same ids.

import type { PlanFiles, PlanSource } from "../../compiler/plan/schema.ts";
import { leavesOfSource } from "../../compiler/plan/source.ts";
import { columns as knownColumns } from "../columns/index.ts";
import type { ColumnDefinition, ColumnValue } from "../columns/define.ts";
import { compareNatural } from "../files/natural-order.ts";
import { rowsOf, type DocumentOptions } from "./documents.ts";

export type Labels = { readonly [column: string]: readonly string[] };

/** Labels by column, in the order of their ids. Reads the source unless the spec names them all. Throws UserError. */
export async function labelsOf(source: PlanFiles, options: DocumentOptions): Promise<Labels> {
  const classes = Object.entries(source.columns).filter(([, { type }]) => isLabelled(type));
  const found = new Map(classes.map(([name, { labels }]) => [name, new Set(labels ?? [])]));
  const unnamed = classes.filter(([, { labels }]) => labels === null).map(([name]) => name);
  if (unnamed.length > 0) {
    for await (const rows of rowsOf({ ...source, split: null, part: null, clean: [] }, options)) {
      for (const { values } of rows) for (const name of unnamed) for (const label of labelsIn(values[name])) found.get(name)!.add(label);
    }
  }
  return Object.fromEntries([...found].map(([name, labels]) => [name, source.columns[name].labels ?? [...labels].sort(compareNatural)]));
}

export function isLabelled(type: string): boolean {
  return (knownColumns as Readonly<Record<string, ColumnDefinition>>)[type]?.labels ?? false;
}

/** One label, or that of each word. */
export function labelsIn(value: ColumnValue): readonly string[] {
  return typeof value === "string" ? [value] : (value as readonly string[]);
}

/** Labels of one column over all entries of a mixture, in the order of their ids. */
export async function labelsOfColumn(source: PlanSource, column: string, options: DocumentOptions): Promise<readonly string[]> {
  const found: string[] = [];
  for (const leaf of leavesOfSource(source)) if (leaf.kind === "files") found.push(...((await labelsOf(leaf, options))[column] ?? []));
  const unnamed = leavesOfSource(source).filter((leaf) => leaf.kind === "files" && leaf.columns[column].labels === null).length;
  return unnamed > 1 ? [...new Set(found)].sort(compareNatural) : [...new Set(found)];
}
