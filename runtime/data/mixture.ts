// Several datasets as one: `mixture(70% * novels, 30% * speeches)`. Which entry an example is of follows from its number alone, and
// among the first n examples each entry has its share of n to within one example a level: no draw, no drift, nothing to save.

import type { Batch, Field } from "./fields.ts";
import type { Dataset } from "./batch.ts";
import { emptyFields } from "./fields.ts";
import { largestRemainder } from "./split.ts";
import type { PlanObjective } from "../../compiler/objectives/plan.ts";

export interface Part { readonly name: string; readonly share: number; readonly data: Dataset }

/** An example of the mixture: number `number` of an entry's own examples. */
export interface Turn { readonly entry: number; readonly number: number }

/** Shares are rounded to parts of this: a multiple of 100, 7, 9, 11 and 13, whose products with itself are exact in a double. */
const unit = 90_090_000;

/**
 * The turns of entries with these shares. Of n examples ⌊n · w / W⌋ are the first entry's and the others share the rest in the same
 * way, so each entry's own examples are numbered without gaps.
 */
export function turns(shares: readonly number[]): (number: number) => Turn {
  const weights = largestRemainder(unit, shares);
  return (number) => {
    let left = weights.reduce((sum, weight) => sum + weight, 0);
    for (let entry = 0; ; entry++) {
      const before = portion(number, weights[entry], left);
      if (entry === weights.length - 1 || portion(number + 1, weights[entry], left) > before) return { entry, number: before };
      number -= before;
      left -= weights[entry];
    }
  };
}

/** ⌊n · weight / whole⌋, exactly. */
function portion(n: number, weight: number, whole: number): number {
  const times = Math.floor(n / whole);
  return times * weight + Math.floor(((n - times * whole) * weight) / whole);
}

/** An epoch is as many examples as the entries have together; an entry with a large share is then seen more than once, one with a small share not in full. */
export function mixedDataset(parts: readonly Part[], { objective, pack }: { readonly objective: PlanObjective; readonly pack: boolean }): Dataset {
  const turn = turns(parts.map((part) => part.share));
  const pick = (count: number, exampleOf: (row: number) => Batch | null): Batch => {
    const batches = Array.from({ length: count }, (_, row) => exampleOf(row));
    const whole = stacked(batches, () => emptyFields(objective, 1, pack, 0));
    // An image's partner is the text of its own row, whichever entry both are of.
    for (const { head, kind } of objective.losses) if (kind === "contrastive") whole.fields.get(`${head}.targets`)!.data.forEach((_, row, targets) => (targets[row] = row));
    return whole;
  };
  let order: (Dataset["entries"][number] & { readonly from: number; readonly data: Dataset })[] | null = null;
  const held = (): NonNullable<typeof order> => {
    let first = 0;
    return (order ??= parts.flatMap(({ name, data }) => data.entries.map((entry) => {
      first += entry.count;
      return { name: entry.name, source: name, first: first - entry.count, count: entry.count, from: entry.first, data };
    })));
  };
  return {
    examples: parts.reduce((sum, { data }) => sum + data.examples, 0),
    fingerprint: parts.map(({ data }) => data.fingerprint).join(" "),
    sources: parts.flatMap(({ data }) => data.sources),
    get entries() {
      return held().map(({ name, source, first, count }) => ({ name, source, first, count }));
    },
    drawn(number) {
      const { entry, number: own } = turn(number);
      return objective.entries.length > 1 ? `${parts[entry].name}, ${parts[entry].data.drawn(own)}` : parts[entry].name;
    },
    text(number) {
      const { entry, number: own } = turn(number);
      return parts[entry].data.text(own);
    },
    asked(number) {
      const of = held().find((one) => number >= one.first && number < one.first + one.count);
      return of ? of.data.asked(of.from + number - of.first) : null;
    },
    batch: (from, count) => pick(count, (row) => {
      const { entry, number } = turn(from + row);
      return parts[entry].data.batch(number, 1);
    }),
    ordered: (from, count) => pick(count, (row) => {
      const of = held().find((one) => from + row >= one.first && from + row < one.first + one.count);
      return of ? of.data.ordered(of.from + from + row - of.first, 1) : parts[0].data.ordered(parts[0].data.examples, 1);
    }),
  };
}

/** Batches of one example each, one below the other. */
function stacked(batches: readonly (Batch | null)[], empty: () => Map<string, Field>): Batch {
  const [first] = batches;
  const like = first?.fields ?? empty();
  const fields = new Map([...like].map(([name, field]): [string, Field] => {
    const data = field.data instanceof Float32Array ? new Float32Array(batches.length * field.row) : new Int32Array(batches.length * field.row);
    batches.forEach((batch, row) => data.set(batch!.fields.get(name)!.data, row * field.row));
    return [name, { ...field, data }];
  }));
  const sum = (of: (batch: Batch) => Batch["counts"]): Record<string, number> => {
    const total: Record<string, number> = {};
    for (const batch of batches) for (const [head, count] of Object.entries(of(batch!))) total[head] = (total[head] ?? 0) + count;
    return total;
  };
  return { examples: batches.length, fields, counts: sum((batch) => batch.counts), bytes: sum((batch) => batch.bytes) };
}
