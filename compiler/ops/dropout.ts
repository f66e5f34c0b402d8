// dropout: y = x · keep / (1 − rate) (Srivastava et al. 2014), keep drawn by counter (_keep.ts). Its gradient is itself, on dy.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { fillKeep } from "./_keep.ts";
import { expect, expectShape, float } from "./_shapes.ts";

export type DropoutAttributes = { readonly rate: number; readonly site: number };

export const dropout = defineOp({
  name: "dropout",
  doc: "Zeroes elements of x [B, ...] with probability rate and scales the rest by 1 / (1 - rate); random is [seed low, seed high, step, first example].",
  inputs: ["x", "random"],
  outputs: ["y"],
  infer({ x, random }, { rate }: DropoutAttributes) {
    expectShape("dropout: random", random, [4]);
    expect(x.shape.length > 0 && rate >= 0 && rate < 1, `dropout: rate ${rate} of [${x.shape}]`);
    return [float(...x.shape)];
  },
  gradient: (b, { inputs: { random }, attributes }, [dy]) => ({ x: dy === null ? null : b.dropout(dy, random, attributes), random: null }),
  flops: ({ x }) => sizeOf(x.shape),
  evaluate({ x, random }, [y], { rate, site }, { inputs }) {
    const examples = inputs.x[0];
    const size = sizeOf(inputs.x.slice(1));
    const keep = new Float64Array(size);
    for (let e = 0; e < examples; e++) {
      fillKeep(keep, size, 0, e, random, rate, site);
      const at = e * size;
      for (let i = 0; i < size; i++) y[at + i] = x[at + i] * keep[i];
    }
  },
  lower(tf, { x, random }, { rate, site }) {
    const keep = new Float32Array(x.size);
    const size = sizeOf(x.shape.slice(1));
    const values = random.dataSync();
    for (let e = 0; e < x.shape[0]; e++) fillKeep(keep.subarray(e * size, (e + 1) * size), size, 0, e, values, rate, site);
    return [tf.mul(x, tf.tensor(keep, x.shape))];
  },
  samples: [
    { title: "odd size", inputs: { x: { shape: [3, 2, 7] }, random: { shape: [4], dtype: "int32", values: [42, 0, 3, 0] } }, attributes: { rate: 0.1, site: 5 } },
    { title: "second half of a batch", inputs: { x: { shape: [2, 9] }, random: { shape: [4], dtype: "int32", values: [-7, 1, 100, 2] } }, attributes: { rate: 0.5, site: 0 } },
    { title: "rate 0", inputs: { x: { shape: [2, 3] }, random: { shape: [4], dtype: "int32", values: [1, 2, 3, 4] } }, attributes: { rate: 0, site: 1 } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, random: { shape: [4], dtype: "int32", values: [1, 2, 3, 4] } }, attributes: { rate: 0.5, site: 1 } },
  ],
});
