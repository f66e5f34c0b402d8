// real_weights: 1 / n for the n real tokens of an example, 0 for padding; all 0 where nothing is real.
// B batch, T positions.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";

export const real_weights = defineOp({
  name: "real_weights",
  doc: "Weights [B, T] of a mean over real tokens.",
  inputs: ["real"],
  outputs: ["weights"],
  infer({ real }) {
    expect(real.shape.length === 2 && real.dtype === "int32", `real_weights: real is [${real.shape}]`);
    return [float(...real.shape)];
  },
  gradient: () => ({ real: null }),
  flops: ({ real }) => sizeOf(real.shape),
  evaluate({ real }, [weights], _, { inputs: { real: [B, T] } }) {
    for (let b = 0; b < B; b++) {
      let count = 0;
      for (let i = b * T; i < (b + 1) * T; i++) count += real[i] ? 1 : 0;
      for (let i = b * T; i < (b + 1) * T; i++) weights[i] = real[i] ? 1 / count : 0;
    }
  },
  lower(tf, { real }) {
    const kept = tf.cast(tf.notEqual(real, 0), "float32");
    return [tf.div(kept, tf.maximum(tf.sum(kept, 1, true), 1))];
  },
  samples: [
    { title: "some padding", inputs: { real: { shape: [2, 4], dtype: "int32", values: [1, 1, 1, 0, 0, 1, 0, 0] } }, attributes: {} },
    { title: "nothing real", inputs: { real: { shape: [1, 3], dtype: "int32", values: [0, 0, 0] } }, attributes: {} },
  ],
});
