// A random order of n examples that is computed, not stored: example i of an epoch is at `permutation(n, seed, epoch)(i)`.
// A Feistel network over Philox on the smallest square power-of-two domain that holds n; values outside [0, n) are walked
// through until one is inside (Black and Rogaway 2002, "Ciphers with arbitrary finite domains"), at most four times n on average.

import { philox, wordOf } from "../../compiler/random.ts";

const rounds = 8;
const purpose = wordOf("shuffle");

/** A bijection of [0, n), n ≤ 2^52; the same for the same (n, seed, epoch) on every machine. */
export function permutation(n: number, seed: number, epoch: number): (index: number) => number {
  let bits = 1;
  while (2 ** (2 * bits) < n) bits++;
  const half = 2 ** bits;
  const k0 = seed >>> 0;
  const k1 = (Math.floor(seed / 2 ** 32) ^ purpose) >>> 0;
  const words = new Uint32Array(4);
  const encipher = (value: number): number => {
    let left = Math.floor(value / half);
    let right = value % half;
    for (let round = 0; round < rounds; round++) {
      philox(right, round, epoch >>> 0, bits, k0, k1, words);
      const mixed = (left ^ words[0]) & (half - 1);
      left = right;
      right = mixed;
    }
    return left * half + right;
  };
  return (index) => {
    if (!(index >= 0 && index < n)) throw new RangeError(`index ${index} is outside [0, ${n})`);
    let value = encipher(index);
    while (value >= n) value = encipher(value);
    return value;
  };
}
