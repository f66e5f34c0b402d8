// Which line of a map gives each tensor, in both directions: the first that matches wins, and nothing is left unaccounted for.

import type { Ours, TensorLine, WeightsMap } from "./define.ts";
import { fillPattern, firstSegment, matchPattern, type Holes } from "./pattern.ts";

/** One tensor of theirs and the tree of our names that it holds; `ours` is `off` where it is known and not used. */
export interface Assignment { readonly theirs: string; readonly ours: Ours }

export interface Imported {
  readonly assignments: readonly Assignment[];
  /** Tensors of the file that no line knows, or that a line before them has already given. */
  readonly unmapped: readonly string[];
  /** Tensors of the file for parts of the model that this call does not use: heads of other classes. */
  readonly unused: readonly { readonly theirs: string; readonly ours: readonly string[] }[];
  /** Weights of the model that the file lacks, with the name that the map gives them, if any. */
  readonly missing: readonly { readonly ours: string; readonly theirs: string | null }[];
}

/** Names of weights: `built` those of the heads in use, `known` those of all heads. */
export interface Names { readonly built: ReadonlySet<string>; readonly known: ReadonlySet<string> }

/** Accounts for every tensor of a file and every weight of a model. */
export function accountForImport(map: WeightsMap, file: Iterable<string>, { built, known }: Names): Imported {
  const assignments: Assignment[] = [];
  const unmapped: string[] = [];
  const unused: { theirs: string; ours: readonly string[] }[] = [];
  const given = new Set<string>();
  const names = [...file];
  const prefix = absentPrefix(map, names);
  for (const theirs of names) {
    const ours = oursOfTheirs(map, theirs, built) ?? (prefix === null ? null : oursOfTheirs(map, `${prefix}.${theirs}`, built));
    const leaves = ours ? leavesOf(ours) : [];
    if (ours && !leaves.some((leaf) => given.has(leaf))) {
      leaves.forEach((leaf) => given.add(leaf));
      assignments.push({ theirs, ours });
      continue;
    }
    const elsewhere = ours ? null : (oursOfTheirs(map, theirs, known) ?? (prefix === null ? null : oursOfTheirs(map, `${prefix}.${theirs}`, known)));
    if (elsewhere) unused.push({ theirs, ours: leavesOf(elsewhere) });
    else unmapped.push(theirs);
  }
  const missing = [...built].filter((ours) => !given.has(ours)).map((ours) => ({ ours, theirs: theirsOfOurs(map, ours, built)?.theirs ?? null }));
  return { assignments, unmapped, unused, missing };
}

/** The tensors that a file of theirs has, in the order of our weights, and the weights that no line names. */
export function accountForExport(map: WeightsMap, built: ReadonlySet<string>): { readonly assignments: readonly Assignment[]; readonly unmapped: readonly string[] } {
  const assignments: Assignment[] = [];
  const unmapped: string[] = [];
  const given = new Set<string>();
  for (const name of built) {
    if (given.has(name)) continue;
    const found = theirsOfOurs(map, name, built);
    if (!found) unmapped.push(name);
    else {
      assignments.push(found);
      leavesOf(found.ours).forEach((leaf) => given.add(leaf));
    }
  }
  return { assignments, unmapped };
}

/** Names in a tree, from left to right. */
export function leavesOf(ours: Ours): string[] {
  switch (ours.kind) {
    case "name":
      return [ours.pattern];
    case "transposed":
      return leavesOf(ours.of);
    case "concat":
      return ours.parts.flatMap(leavesOf);
    case "off":
      return [];
  }
}

function oursOfTheirs(map: WeightsMap, theirs: string, names: ReadonlySet<string>): Ours | null {
  for (const line of map.tensors) {
    const holes = matchPattern(line.theirs, theirs);
    const ours = holes && filled(line.ours, holes);
    if (ours && leavesOf(ours).every((leaf) => names.has(leaf))) return ours;
  }
  return null;
}

function theirsOfOurs(map: WeightsMap, name: string, names: ReadonlySet<string>): Assignment | null {
  for (const line of map.tensors) {
    for (const pattern of leavesOf(line.ours)) {
      const holes = matchPattern(pattern, name);
      const found = holes && assign(line, holes);
      if (found && leavesOf(found.ours).every((leaf) => names.has(leaf))) return found;
    }
  }
  return null;
}

function assign(line: TensorLine, holes: Holes): Assignment | null {
  const theirs = fillPattern(line.theirs, holes);
  // By way of their name: a hole that it lacks would give several of ours one name.
  const back = theirs === null ? null : matchPattern(line.theirs, theirs);
  const ours = back && filled(line.ours, back);
  return theirs !== null && ours ? { theirs, ours } : null;
}

/** The tree with its holes filled; null when a hole has no value. */
function filled(ours: Ours, holes: Holes): Ours | null {
  switch (ours.kind) {
    case "name": {
      const pattern = fillPattern(ours.pattern, holes);
      return pattern === null ? null : { kind: "name", pattern };
    }
    case "transposed": {
      const of = filled(ours.of, holes);
      return of && { kind: "transposed", of };
    }
    case "concat": {
      const parts = ours.parts.map((part) => filled(part, holes));
      return parts.every((part) => part !== null) ? { kind: "concat", parts } : null;
    }
    case "off":
      return ours;
  }
}

/**
 * The bare model's checkpoint has no name of the model before its tensors (`wte.weight` for `transformer.wte.weight`, as in
 * the published gpt2): the first segment of most lines, where no tensor of the file begins with it.
 */
function absentPrefix(map: WeightsMap, names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const { theirs } of map.tensors) {
    const segment = firstSegment(theirs);
    if (segment !== null) counts.set(segment, (counts.get(segment) ?? 0) + 1);
  }
  const [prefix, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  return 2 * count > map.tensors.length && !names.some((name) => name.startsWith(`${prefix}.`)) ? prefix : null;
}
