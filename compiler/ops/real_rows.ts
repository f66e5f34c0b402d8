// real_rows: rows of a position table for tokens that are counted: offset − 1 + the number of real tokens of the same
// document up to and with this one; padding reads row offset − 1 (RoBERTa, Liu et al. 2019).
// B batch, T positions.

import { defineOp } from "./define.ts";
import { expect, expectShape } from "./_shapes.ts";

export type RealRowsAttributes = { readonly offset: number };

export const real_rows = defineOp({
  name: "real_rows",
  doc: "Integer rows [B, T]: offset - 1 plus the count of real tokens so far (of this document, where given); offset - 1 for padding.",
  inputs: ["real", "documents?"],
  outputs: ["rows"],
  infer({ real, documents }, _attributes: RealRowsAttributes) {
    expect(real.shape.length === 2 && real.dtype === "int32", `real_rows: real is [${real.shape}]`);
    if (documents) expectShape("real_rows: documents", documents, real.shape);
    return [{ shape: real.shape, dtype: "int32" }];
  },
  gradient: () => ({ real: null, documents: null }),
  flops: () => 0,
  evaluate({ real, documents }, [rows], { offset }, { inputs: { real: [B, T] } }) {
    for (let b = 0; b < B; b++) {
      let count = 0;
      for (let i = b * T; i < (b + 1) * T; i++) {
        if (documents && i > b * T && documents[i] !== documents[i - 1]) count = 0;
        rows[i] = offset - 1 + (real[i] ? ++count : 0);
      }
    }
  },
  lower(tf, { real, documents }, { offset }) {
    const [B, T] = real.shape as [number, number];
    const kept = tf.cast(tf.notEqual(real, 0), "float32");
    // seen[b, t, s]: the token s is of the same document, and not after t.
    const before = tf.greaterEqual(tf.reshape(tf.range(0, T), [T, 1]), tf.range(0, T));
    const seen = documents ? tf.logicalAnd(tf.equal(tf.reshape(documents, [B, T, 1]), tf.reshape(documents, [B, 1, T])), before) : tf.tile(tf.reshape(before, [1, T, T]), [B, 1, 1]);
    const count = tf.sum(tf.mul(tf.cast(seen, "float32"), tf.reshape(kept, [B, 1, T])), 2);
    return [tf.cast(tf.add(tf.mul(count, kept), offset - 1), "int32")];
  },
  samples: [
    { title: "padding at the end", inputs: { real: { shape: [2, 4], dtype: "int32", values: [1, 1, 1, 0, 1, 0, 0, 0] } }, attributes: { offset: 2 } },
    { title: "padding inside and first", inputs: { real: { shape: [2, 4], dtype: "int32", values: [0, 1, 0, 1, 0, 0, 1, 1] } }, attributes: { offset: 1 } },
    { title: "two documents", inputs: { real: { shape: [1, 5], dtype: "int32", values: [1, 1, 1, 1, 0] }, documents: { shape: [1, 5], dtype: "int32", values: [0, 0, 1, 1, -1] } }, attributes: { offset: 2 } },
  ],
});
