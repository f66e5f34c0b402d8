// Dropout: which elements stay, by the same Philox words as compiler/ops/_keep.ts, and the op itself.

import type { ValueInfo } from "../../../compiler/graph/node.ts";
import { sizeOf } from "../../../compiler/graph/node.ts";
import { wordOf } from "../../../compiler/random.ts";
import type { Kernel } from "../define.ts";
import type { Assembler } from "./assembler.ts";
import { f, i } from "./assembler.ts";
import type { KernelContext } from "./kernels.ts";
import type { KernelModule } from "./module.ts";

export interface DropoutFunctions {
  /** out[4n … 4n + 3] = `scale` where the word of counter (block + n, example, step, site) shifted right by 8 is at least `threshold`, else 0; for `blocks` n. */
  keep_blocks(out: number, blocks: number, block: number, example: number, step: number, site: number, key0: number, key1: number, threshold: number, scale: number): void;
}

export function defineDropout(assembler: Assembler): void {
  const nine = Array.from({ length: 9 }, () => "i32" as const);
  assembler.define("keep_blocks", [...nine, "f32"], (b, [out, blocks, block, example, step, site, key0, key1, threshold, scale]) => {
    const [c0, c1, c2, c3, k0, k1, high, round] = Array.from({ length: 8 }, () => b.local("i32"));
    const [m0, m1] = [i.of(0xd2511f53 | 0), i.of(0xcd9e8d57 | 0)];
    b.loop(i.greater(blocks.at, i.of(0)), () => {
      for (const [local, value] of [[c0, block], [c1, example], [c2, step], [c3, site], [k0, key0], [k1, key1]] as const) b.set(local, value.at);
      b.set(round, i.of(10));
      b.loop(round.at, () => {
        b.set(high, i.mulHigh(m0, c0.at));
        b.set(c0, i.mul(m0, c0.at));
        b.set(c1, i.xor(i.xor(i.mulHigh(m1, c2.at), c1.at), k0.at));
        b.set(c3, i.xor(i.xor(high.at, c3.at), k1.at));
        // (c0, c1, c2, c3) becomes (high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0); here c1, c2, c3, c0 hold them.
        b.set(high, c0.at);
        b.set(c0, c1.at);
        b.set(c1, i.mul(m1, c2.at));
        b.set(c2, c3.at);
        b.set(c3, high.at);
        b.set(k0, i.add(k0.at, i.of(0x9e3779b9 | 0)));
        b.set(k1, i.add(k1.at, i.of(0xbb67ae85 | 0)));
        b.set(round, i.sub(round.at, i.of(1)));
      });
      [c0, c1, c2, c3].forEach((word, lane) => b.storeFloat(out.at, f.select(scale.at, f.of(0), i.atLeastUnsigned(i.shiftRight(word.at, 8), threshold.at)), 4 * lane));
      b.set(out, i.add(out.at, i.of(16)));
      b.set(block, i.add(block.at, i.of(1)));
      b.set(blocks, i.sub(blocks.at, i.of(1)));
    });
  });
}

const purpose = wordOf("dropout");

/** `fillKeep` on the heap: factors of `count` elements from `start`, in an area of at least count + 4 floats; gives the address of the first. */
export function keepFactors(module: KernelModule, area: number, count: number, start: number, example: number, random: ArrayLike<number>, rate: number, site: number): number {
  const lane = start & 3;
  module.functions.keep_blocks(area, Math.ceil((lane + count) / 4), (start - lane) / 4, random[3] + example, random[2], site, random[0], random[1] ^ purpose, Math.ceil(rate * 2 ** 24), 1 / (1 - rate));
  return area + 4 * lane;
}

export const dropout = ({ module, address, memory }: KernelContext): Kernel => ({ attributes }, [x]: readonly (ValueInfo | null)[]) => {
  const { rate, site } = attributes as { rate: number; site: number };
  const examples = x!.shape[0] ?? 1;
  const size = examples === 0 ? 0 : sizeOf(x!.shape) / examples;
  if (rate === 0 || x!.shape.length === 0) return null;
  return ([input, random], [y]) => {
    const area = module.scratch("dropout", 4 * size + 64);
    const words = memory.view(random!);
    for (let example = 0; example < examples; example++) {
      const factors = keepFactors(module, area, size, 0, example, words, rate, site);
      module.functions.multiply_by(address(input!) + 4 * example * size, factors, address(y) + 4 * example * size, 1, size);
    }
  };
};
