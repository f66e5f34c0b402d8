// choice_counts: how many choices of real tokens fell on each expert.
// N tokens, K choices of a token.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, expectShape, float } from "./_shapes.ts";

export type ChoiceCountsAttributes = { readonly experts: number };

export const choice_counts = defineOp({
  name: "choice_counts",
  doc: "Number of entries of choice [N, K] for each expert, in rows that are real [N]: floats [experts].",
  inputs: ["choice", "real?"],
  outputs: ["counts"],
  infer({ choice, real }, { experts }: ChoiceCountsAttributes) {
    expect(choice.dtype === "int32" && choice.shape.length === 2, `choice_counts: choice is [${choice.shape}]`);
    if (real) expectShape("choice_counts: real", real, [choice.shape[0]]);
    return [float(experts)];
  },
  gradient: () => ({ choice: null, real: null }),
  flops: ({ choice }) => sizeOf(choice.shape),
  evaluate({ choice, real }, [counts], _, { inputs: { choice: [N, K] } }) {
    counts.fill(0);
    for (let n = 0; n < N; n++) {
      if (real && real[n] === 0) continue;
      for (let j = n * K; j < (n + 1) * K; j++) counts[choice[j]]++;
    }
  },
  lower(tf, { choice, real }, { experts }) {
    const [N, K] = choice.shape as [number, number];
    const places = tf.cast(tf.oneHot(tf.cast(tf.reshape(choice, [N * K]), "int32"), experts), "float32");
    const rows = tf.sum(tf.reshape(places, [N, K, experts]), 1);
    return [tf.sum(real ? tf.mul(rows, tf.cast(tf.notEqual(tf.reshape(real, [N, 1]), 0), "float32")) : rows, 0)];
  },
  samples: [
    { title: "all real", inputs: { choice: { shape: [4, 2], dtype: "int32", values: [0, 2, 1, 0, 2, 0, 0, 2] } }, attributes: { experts: 4 } },
    { title: "padding", inputs: { choice: { shape: [3, 1], dtype: "int32", values: [1, 0, 1] }, real: { shape: [3], dtype: "int32", values: [1, 1, 0] } }, attributes: { experts: 2 } },
  ],
});
