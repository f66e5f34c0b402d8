// The classes of labelled columns. Ids follow the order that the spec gives, else the natural order of all labels of the source,
// whatever its parts and the order of its files: a later run on the same files has the same ids.

import type { PlanFiles } from "../../compiler/plan/schema.ts";
import { compareNatural } from "../files/natural-order.ts";
import { rowsOf, type DocumentOptions } from "./documents.ts";

export type Labels = { readonly [column: string]: readonly string[] };

/** Labels by column, in the order of their ids. Reads the source unless the spec names them all. Throws UserError. */
export async function labelsOf(source: PlanFiles, options: DocumentOptions): Promise<Labels> {
  const classes = Object.entries(source.columns).filter(([, { type }]) => type === "class");
  const found = new Map(classes.map(([name, { labels }]) => [name, new Set(labels ?? [])]));
  const unnamed = classes.filter(([, { labels }]) => labels === null).map(([name]) => name);
  if (unnamed.length > 0) {
    for await (const rows of rowsOf({ ...source, split: null, part: null, clean: [] }, options)) {
      for (const { values } of rows) for (const name of unnamed) found.get(name)!.add(values[name] as string);
    }
  }
  return Object.fromEntries([...found].map(([name, labels]) => [name, source.columns[name].labels ?? [...labels].sort(compareNatural)]));
}
