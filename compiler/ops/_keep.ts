// Which elements dropout keeps: element i of example e is kept where toUnit(word) >= rate, with
// word = philox(counter = (⌊i / 4⌋, e, step, site), key = (seed low, seed high ^ "dropout"))[i mod 4].
// e counts from the start of the whole batch, so the choice does not depend on how a batch is split.

import { philox, toUnit, wordOf } from "../random.ts";

const purpose = wordOf("dropout");
const words = new Uint32Array(4);

/** [seed low, seed high, step, example index of the first row] as an op receives it. */
export type RandomWords = ArrayLike<number>;

/** Fills factors[0 … count − 1] for the elements from `start` of `example` (counted from this call's first row): 1 / (1 − rate) where kept, else 0. */
export function fillKeep(factors: Float32Array | Float64Array, count: number, start: number, example: number, random: RandomWords, rate: number, site: number): void {
  const scale = 1 / (1 - rate);
  const whole = random[3] + example;
  const high = random[1] ^ purpose;
  let i = 0;
  let lane = start & 3;
  for (let block = (start - lane) / 4; i < count; block++) {
    philox(block, whole, random[2], site, random[0], high, words);
    for (; lane < 4 && i < count; lane++) factors[i++] = toUnit(words[lane]) >= rate ? scale : 0;
    lane = 0;
  }
}
