// Questions to a plan's source that hold for files, synthetic data and mixtures alike.

import type { PlanColumn, PlanFiles, PlanImageColumn, PlanSource, PlanSynthetic } from "./schema.ts";

/** The source itself, or the entries of a mixture. */
export function leavesOfSource(source: PlanSource): readonly (PlanFiles | PlanSynthetic)[] {
  return source.kind === "mixture" ? source.entries.map((entry) => entry.source) : [source];
}

/** Its patterns of files, for messages; synthetic data is called by its generator. */
export function namesOfSource(source: PlanSource): string[] {
  return leavesOfSource(source).flatMap((leaf) => (leaf.kind === "files" ? leaf.files : [leaf.generator.word]));
}

/** Columns that all of it has, by our names; what has no columns is one text. */
export function columnsOfSource(source: PlanSource): { readonly [name: string]: PlanColumn } {
  const [first, ...rest] = leavesOfSource(source).map((leaf) => (leaf.kind === "files" && Object.keys(leaf.columns).length > 0 ? leaf.columns : { text: plainText }));
  return Object.fromEntries(Object.entries(first).filter(([name, { type }]) => rest.every((columns) => columns[name]?.type === type)));
}

/** What formats without columns call their one text. */
export const plainText: PlanColumn = { type: "string", column: "text", labels: null };

/** Parts that all of it has. */
export function partsOfSource(source: PlanSource): string[] {
  const [first, ...rest] = leavesOfSource(source).map((leaf) => Object.keys(leaf.split?.parts ?? {}));
  return first.filter((part) => rest.every((parts) => parts.includes(part)));
}

/** The same source, another part of it. */
export function withPart(source: PlanSource, part: string): PlanSource {
  if (source.kind === "mixture") return { ...source, entries: source.entries.map((entry) => ({ ...entry, source: { ...entry.source, part } })) };
  return { ...source, part };
}

/** The part that is meant; null for all of it, and where the entries of a mixture differ. */
export function partOfSource(source: PlanSource): string | null {
  const parts = new Set(leavesOfSource(source).map((leaf) => leaf.part));
  return parts.size === 1 ? [...parts][0] : null;
}

/** The column of images that a run reads: the one that its task names, else the only one, else the one called `image`; null where there is none. */
export function imageColumn({ columns }: PlanFiles, named = ""): { readonly name: string; readonly image: PlanImageColumn } | null {
  const all = Object.entries(columns).flatMap(([name, { image }]) => (image ? [{ name, image }] : []));
  return all.find(({ name }) => name === named) ?? (all.length === 1 ? all[0] : all.find(({ name }) => name === "image")) ?? null;
}
