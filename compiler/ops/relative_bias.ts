// relative_bias: bias[h, t, s] = weight[bucket(s − (offset + t)), h] (Raffel et al. 2020, section 2.1).
// H heads, T queries, S keys.

import { defineOp } from "./define.ts";
import { bucketTable, lowerBuckets, type BucketAttributes } from "./_buckets.ts";
import { expect, float } from "./_shapes.ts";

export type RelativeBiasAttributes = BucketAttributes;

export const relative_bias = defineOp({
  name: "relative_bias",
  doc: "Biases [H, queries, keys] of a table [buckets, H] by the distance from query to key; offset is the position of the first query.",
  inputs: ["weight", "offset?"],
  outputs: ["bias"],
  infer({ weight }, { buckets, queries, keys }: BucketAttributes) {
    expect(weight.shape.length === 2 && weight.shape[0] === buckets, `relative_bias: weight is [${weight.shape}]`);
    return [float(weight.shape[1], queries, keys)];
  },
  gradient: (b, { inputs: { offset }, attributes }, [dbias]) => ({ weight: dbias === null ? null : b.relative_bias_gradient(dbias, offset ?? null, attributes), offset: null }),
  flops: () => 0,
  evaluate({ weight, offset }, [bias], attributes, { inputs }) {
    const { queries: T, keys: S } = attributes;
    const H = inputs.weight[1];
    const table = bucketTable(attributes, offset ? offset[0] : 0);
    for (let h = 0, i = 0; h < H; h++) {
      for (let t = 0; t < T; t++) {
        const from = T - 1 - t;
        for (let s = 0; s < S; s++) bias[i++] = weight[table[from + s] * H + h];
      }
    }
  },
  lower: (tf, { weight, offset }, attributes) => [tf.transpose(tf.gather(weight, lowerBuckets(tf, offset, attributes)), [2, 0, 1])],
  samples: [
    { title: "bidirectional", inputs: { weight: { shape: [8, 2] } }, attributes: { buckets: 8, distance: 6, bidirectional: true, queries: 7, keys: 7 } },
    { title: "causal", inputs: { weight: { shape: [6, 3] } }, attributes: { buckets: 6, distance: 10, bidirectional: false, queries: 9, keys: 9 } },
    { title: "one query of many", inputs: { weight: { shape: [8, 2] }, offset: { shape: [], dtype: "int32", values: [5] } }, attributes: { buckets: 8, distance: 12, bidirectional: false, queries: 1, keys: 9 } },
  ],
});
