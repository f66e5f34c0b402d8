// find_token: the first position of each row that holds an id; 0 where none does.
// B batch, T positions.

import { defineOp } from "./define.ts";
import { expect } from "./_shapes.ts";

export type FindTokenAttributes = { readonly id: number };

export const find_token = defineOp({
  name: "find_token",
  doc: "The first position of the id in each row of tokens [B, T], or 0: integers [B].",
  inputs: ["tokens"],
  outputs: ["index"],
  infer({ tokens }, _attributes: FindTokenAttributes) {
    expect(tokens.shape.length === 2 && tokens.dtype === "int32", `find_token: tokens is [${tokens.shape}]`);
    return [{ shape: [tokens.shape[0]], dtype: "int32" }];
  },
  gradient: () => ({ tokens: null }),
  flops: () => 0,
  evaluate({ tokens }, [index], { id }, { inputs: { tokens: [B, T] } }) {
    for (let b = 0; b < B; b++) {
      let t = 0;
      while (t < T && tokens[b * T + t] !== id) t++;
      index[b] = t < T ? t : 0;
    }
  },
  lower: (tf, { tokens }, { id }) => [tf.cast(tf.argMax(tf.cast(tf.equal(tokens, tf.scalar(id, "int32")), "int32"), 1), "int32")],
  samples: [
    { title: "once, twice, never", inputs: { tokens: { shape: [3, 4], dtype: "int32", values: [5, 7, 9, 9, 7, 1, 7, 0, 1, 2, 3, 4] } }, attributes: { id: 7 } },
    { title: "one position", inputs: { tokens: { shape: [2, 1], dtype: "int32", values: [3, 4] } }, attributes: { id: 4 } },
  ],
});
