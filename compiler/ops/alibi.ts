// alibi: bias[h, t, s] = −slope_h · |offset + t − s| (Press et al. 2022). Slopes are 2^(−8(h+1)/H) for a power of two;
// for other numbers of heads those of the power of two below, then every other one of the next.
// H heads, T queries, S keys.

import { defineOp } from "./define.ts";
import { float } from "./_shapes.ts";

export type AlibiAttributes = { readonly heads: number; readonly queries: number; readonly keys: number };

export const alibi = defineOp({
  name: "alibi",
  doc: "Biases [heads, queries, keys] that fall with the distance from query to key, by a slope of each head.",
  inputs: ["offset?"],
  outputs: ["bias"],
  infer: (_, { heads, queries, keys }: AlibiAttributes) => [float(heads, queries, keys)],
  gradient: () => ({ offset: null }),
  flops: (_, __, { heads, queries, keys }) => 2 * heads * queries * keys,
  evaluate({ offset }, [bias], { heads, queries, keys }) {
    const first = offset ? offset[0] : 0;
    const slopes = slopesOf(heads);
    for (let h = 0, i = 0; h < heads; h++) {
      for (let t = 0; t < queries; t++) for (let s = 0; s < keys; s++) bias[i++] = -slopes[h] * Math.abs(first + t - s);
    }
  },
  lower(tf, { offset }, { heads, queries, keys }) {
    const t = tf.reshape(tf.range(0, queries), [queries, 1]);
    const distances = tf.abs(tf.sub(offset ? tf.add(t, tf.cast(offset, "float32")) : t, tf.range(0, keys)));
    const slopes = tf.tensor3d(slopesOf(heads).map((slope) => -slope), [heads, 1, 1]);
    return [tf.mul(slopes, tf.reshape(distances, [1, queries, keys]))];
  },
  samples: [
    { title: "a power of two", inputs: {}, attributes: { heads: 4, queries: 3, keys: 3 } },
    { title: "other numbers of heads", inputs: {}, attributes: { heads: 6, queries: 2, keys: 5 } },
    { title: "one query of many", inputs: { offset: { shape: [], dtype: "int32", values: [4] } }, attributes: { heads: 2, queries: 1, keys: 6 } },
  ],
});

function slopesOf(heads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(heads));
  const slopes = (count: number): number[] => Array.from({ length: count }, (_, h) => 2 ** ((-8 * (h + 1)) / count));
  return [...slopes(power), ...slopes(2 * power).filter((_, i) => i % 2 === 0).slice(0, heads - power)];
}
