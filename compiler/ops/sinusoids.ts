// sinusoids: PE(p, 2i) = sin(p / 10000^(2i/D)), PE(p, 2i + 1) = cos of the same (Vaswani et al. 2017, section 3.5).
// B batch, T positions, D width.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";

export type SinusoidsAttributes = { readonly width: number };

export const sinusoids = defineOp({
  name: "sinusoids",
  doc: "Sines and cosines of each position in turn: integers [...] give [..., width].",
  inputs: ["positions"],
  outputs: ["y"],
  infer({ positions }, { width }: SinusoidsAttributes) {
    expect(positions.dtype === "int32" && width > 0, `sinusoids: positions are ${positions.dtype}`);
    return [float(...positions.shape, width)];
  },
  gradient: () => ({ positions: null }),
  flops: (_, [y]) => 2 * sizeOf(y.shape),
  evaluate({ positions }, [y], { width }) {
    for (let i = 0; i < positions.length; i++) {
      for (let j = 0; j < width; j++) {
        const angle = positions[i] / 10_000 ** ((j - (j % 2)) / width);
        y[i * width + j] = j % 2 ? Math.cos(angle) : Math.sin(angle);
      }
    }
  },
  lower(tf, { positions }, { width }) {
    const frequencies = tf.tensor1d(Array.from({ length: width }, (_, j) => 10_000 ** (-(j - (j % 2)) / width)));
    const angles = tf.mul(tf.reshape(tf.cast(positions, "float32"), [...positions.shape, 1]), frequencies);
    const odd = tf.tensor1d(Array.from({ length: width }, (_, j) => j % 2));
    return [tf.add(tf.mul(tf.sin(angles), tf.sub(1, odd)), tf.mul(tf.cos(angles), odd))];
  },
  samples: [
    { title: "matrix", inputs: { positions: { shape: [2, 3], dtype: "int32", values: [0, 1, 2, 0, 5, 100] } }, attributes: { width: 6 } },
    { title: "odd width", inputs: { positions: { shape: [4], dtype: "int32", values: [0, 1, 7, 511] } }, attributes: { width: 5 } },
  ],
});
