// relative_bias_gradient: dweight[u, h] = Σ dbias[h, t, s] over the (t, s) of bucket u, summed in float64.
// H heads, T queries, S keys, U buckets.

import { sizeOf } from "../graph/node.ts";
import { bucketTable, lowerBuckets, type BucketAttributes } from "./_buckets.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";

export type RelativeBiasGradientAttributes = BucketAttributes;

export const relative_bias_gradient = defineOp({
  name: "relative_bias_gradient",
  doc: "Sums dbias [H, queries, keys] by bucket into [buckets, H].",
  inputs: ["dbias", "offset?"],
  outputs: ["dweight"],
  infer({ dbias }, { buckets, queries, keys }: BucketAttributes) {
    expect(dbias.shape.length === 3 && dbias.shape[1] === queries && dbias.shape[2] === keys, `relative_bias_gradient: dbias is [${dbias.shape}]`);
    return [float(buckets, dbias.shape[0])];
  },
  gradient: "not differentiable",
  flops: ({ dbias }) => sizeOf(dbias.shape),
  evaluate({ dbias, offset }, [dweight], attributes, { inputs }) {
    const { queries: T, keys: S, buckets } = attributes;
    const [H] = inputs.dbias;
    const table = bucketTable(attributes, offset ? offset[0] : 0);
    const sums = new Float64Array(buckets * H);
    for (let h = 0, i = 0; h < H; h++) {
      for (let t = 0; t < T; t++) {
        const from = T - 1 - t;
        for (let s = 0; s < S; s++) sums[table[from + s] * H + h] += dbias[i++];
      }
    }
    dweight.set(sums);
  },
  lower(tf, { dbias, offset }, attributes) {
    const { queries: T, keys: S, buckets } = attributes;
    const [H] = dbias.shape as [number];
    const chosen = tf.cast(tf.equal(tf.reshape(tf.range(0, buckets, 1, "int32"), [buckets, 1]), tf.reshape(lowerBuckets(tf, offset, attributes), [1, T * S])), "float32");
    return [tf.matMul(chosen, tf.reshape(dbias, [H, T * S]), false, true)];
  },
  samples: [
    { title: "bidirectional", inputs: { dbias: { shape: [2, 7, 7] } }, attributes: { buckets: 8, distance: 6, bidirectional: true, queries: 7, keys: 7 } },
    { title: "causal", inputs: { dbias: { shape: [3, 9, 9] } }, attributes: { buckets: 6, distance: 10, bidirectional: false, queries: 9, keys: 9 } },
    { title: "one query of many", inputs: { dbias: { shape: [2, 1, 9] }, offset: { shape: [], dtype: "int32", values: [5] } }, attributes: { buckets: 8, distance: 12, bidirectional: false, queries: 1, keys: 9 } },
  ],
});
