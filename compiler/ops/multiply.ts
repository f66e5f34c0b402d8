// multiply: x * y elementwise; y is repeated over x's leading axes.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { suffixSamples } from "./_samples.ts";
import { expect, float, isSuffix } from "./_shapes.ts";

export const multiply = defineOp({
  name: "multiply",
  doc: "x * y; y has x's shape or an ending of it and is repeated over the leading axes.",
  inputs: ["x", "y"],
  outputs: ["z"],
  infer({ x, y }) {
    expect(isSuffix(y.shape, x.shape), `multiply: [${y.shape}] does not end [${x.shape}]`);
    return [float(...x.shape)];
  },
  gradient(b, { inputs: { x, y } }, [dz]) {
    if (dz === null) return { x: null, y: null };
    const { shape } = b.info(y);
    return { x: b.multiply(dz, y), y: b.sum_to(b.multiply(dz, x), { shape }) };
  },
  flops: (_, [z]) => sizeOf(z.shape),
  evaluate({ x, y }, [z]) {
    const n = y.length;
    if (n === 1) {
      const y0 = y[0];
      for (let i = 0; i < x.length; i++) z[i] = x[i] * y0;
      return;
    }
    for (let row = 0; row < x.length; row += n) {
      for (let j = 0; j < n; j++) z[row + j] = x[row + j] * y[j];
    }
  },
  lower: (tf, { x, y }) => [tf.mul(x, y)],
  samples: suffixSamples,
});
