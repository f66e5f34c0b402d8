// The words of objectives as the compiler gets them, and texts for tests of single functions.

import type { ObjectiveWords } from "../../compiler/objectives/facts.ts";
import type { RandomStream } from "../../compiler/random.ts";
import type { TokenFacts } from "../../runtime/objectives/corrupt.ts";
import { inputs } from "../../runtime/objectives/inputs/index.ts";
import { noises } from "../../runtime/objectives/noises/index.ts";
import { pairs } from "../../runtime/objectives/pairs/index.ts";
import { targets } from "../../runtime/objectives/targets/index.ts";

export const words: ObjectiveWords = { noises, inputs, targets, pairs };

/** Ids below 100 are ordinary but for those named here. */
export function vocabulary(names: Readonly<Record<string, number>>, sentinels: readonly number[] = [], size = 100): TokenFacts {
  const special = new Uint8Array(size);
  for (const id of [...Object.values(names), ...sentinels]) special[id] = 1;
  return {
    special,
    ordinary: Array.from({ length: size }, (_, id) => id).filter((id) => !special[id]),
    sentinels,
    idOf: (name) => names[name],
    words: (ids) => Uint8Array.from(Array.from(ids), (id) => (id % 10 < 4 ? 1 : 0)),
  };
}

/** A stream whose next results are given, for choices that a fixture fixes. */
export function scripted(units: readonly number[], integers: readonly number[]): RandomStream {
  const [u, k] = [units[Symbol.iterator](), integers[Symbol.iterator]()];
  const refuse = (): never => {
    throw new Error("not scripted");
  };
  return { word: refuse, normal: refuse, unit: () => u.next().value ?? refuse(), below: () => k.next().value ?? refuse() };
}
