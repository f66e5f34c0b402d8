// adafactor_vector: Adafactor's direction for a parameter whose second moment is kept whole (Shazeer & Stern 2018, algorithm 5).
// v = (1 − s) square + s (g² + ε), s = t^−decay; direction = g / √v, clipped by its root mean square.

import { sizeOf } from "../graph/node.ts";
import type { AdafactorAttributes } from "./_adafactor.ts";
import { clipInPlace, clipped, freshShare } from "./_adafactor.ts";
import { defineOp } from "./define.ts";
import { expectShape } from "./_shapes.ts";
import { stepInputs } from "./_samples.ts";

export type AdafactorVectorAttributes = AdafactorAttributes;

export const adafactor_vector = defineOp({
  name: "adafactor_vector",
  doc: "Adafactor's clipped direction and the new mean square of the gradient; step (1 for the first) is a scalar.",
  inputs: ["gradient", "square", "step"],
  outputs: ["direction", "new_square"],
  infer({ gradient, square, step }, _attributes: AdafactorVectorAttributes) {
    expectShape("adafactor_vector: square", square, gradient.shape);
    expectShape("adafactor_vector: step", step, []);
    return [gradient, gradient];
  },
  gradient: "not differentiable",
  flops: ({ gradient }) => 9 * sizeOf(gradient.shape),
  evaluate({ gradient, square, step }, [direction, v], attributes) {
    const { eps, floor, threshold } = attributes;
    const share = freshShare(step[0], attributes);
    const [added, least] = floor ? [0, eps * eps] : [eps, 0];
    let squares = 0;
    for (let i = 0; i < v.length; i++) {
      const g = gradient[i];
      const vi = (1 - share) * square[i] + share * (g * g + added);
      v[i] = vi;
      const d = g / Math.sqrt(vi > least ? vi : least);
      direction[i] = d;
      squares += d * d;
    }
    clipInPlace(direction, squares, threshold);
  },
  lower(tf, { gradient, square, step }, { decay, eps, floor, threshold }) {
    const share = tf.pow(step, -decay);
    const v = tf.add(tf.mul(square, tf.sub(1, share)), tf.mul(tf.add(tf.square(gradient), floor ? 0 : eps), share));
    return [clipped(tf, tf.mul(gradient, tf.rsqrt(floor ? tf.maximum(v, eps * eps) : v)), threshold), v];
  },
  samples: [sampleOf("added", [7], 1, false), sampleOf("floor", [7], 40, true), sampleOf("a number", [], 3, false)],
});

function sampleOf(title: string, shape: readonly number[], at: number, floor: boolean) {
  const { gradient, square, step } = stepInputs(shape, at, "square");
  return { title, inputs: { gradient, square, step }, attributes: { decay: 0.8, threshold: 1, eps: floor ? 1e-7 : 1e-30, floor } };
}
