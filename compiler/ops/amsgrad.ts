// amsgrad: a step of AdamW with the largest mean square so far in the denominator (Reddi et al. 2018, in PyTorch's order of operations):
// m = β1 mean + (1 − β1) g, v = β2 square + (1 − β2) g², u = max(largest, v),
// p = parameter (1 − rate λ) − rate / (1 − β1^t) · m / (√u / √(1 − β2^t) + ε).

import { sizeOf } from "../graph/node.ts";
import { adamwFactors } from "./adamw.ts";
import type { AdamwAttributes } from "./adamw.ts";
import { defineOp } from "./define.ts";
import { expectShape } from "./_shapes.ts";
import { stepInputs } from "./_samples.ts";

export type AmsgradAttributes = AdamwAttributes;

export const amsgrad = defineOp({
  name: "amsgrad",
  doc: "A step of AdamW that divides by the largest mean square so far: new parameter, mean, mean square and largest mean square; rate and step (1 for the first) are scalars.",
  inputs: ["parameter", "gradient", "mean", "square", "largest", "rate", "step"],
  outputs: ["new_parameter", "new_mean", "new_square", "new_largest"],
  infer({ parameter, gradient, mean, square, largest, rate, step }, _attributes: AmsgradAttributes) {
    for (const [name, info] of Object.entries({ gradient, mean, square, largest })) expectShape(`amsgrad: ${name}`, info, parameter.shape);
    expectShape("amsgrad: rate", rate, []);
    expectShape("amsgrad: step", step, []);
    return [parameter, parameter, parameter, parameter];
  },
  gradient: "not differentiable",
  flops: ({ parameter }) => 15 * sizeOf(parameter.shape),
  evaluate({ parameter, gradient, mean, square, largest, rate, step }, [p, m, v, u], attributes) {
    const { beta1, beta2, eps } = attributes;
    const { keep, change, root } = adamwFactors(rate[0], step[0], 1, attributes);
    const scale = 1 / root;
    for (let i = 0; i < p.length; i++) {
      const g = gradient[i];
      const mi = beta1 * mean[i] + (1 - beta1) * g;
      const vi = beta2 * square[i] + (1 - beta2) * g * g;
      const ui = vi > largest[i] ? vi : largest[i];
      p[i] = parameter[i] * keep - (change * mi) / (Math.sqrt(ui) * scale + eps);
      m[i] = mi;
      v[i] = vi;
      u[i] = ui;
    }
  },
  lower(tf, { parameter, gradient, mean, square, largest, rate, step }, { beta1, beta2, eps, weight_decay }) {
    const m = tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const u = tf.maximum(largest, v);
    const correction = (beta: number) => tf.neg(tf.expm1(tf.mul(step, Math.log(beta))));
    const denominator = tf.add(tf.div(tf.sqrt(u), tf.sqrt(correction(beta2))), eps);
    const kept = tf.mul(parameter, tf.sub(1, tf.mul(rate, weight_decay)));
    return [tf.sub(kept, tf.mul(tf.div(m, denominator), tf.div(rate, correction(beta1)))), m, v, u];
  },
  samples: [
    { title: "first step", inputs: { ...stepInputs([3, 5], 1, "mean", "square"), largest: { shape: [3, 5], range: [0.1, 2] } }, attributes: { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 } },
    { title: "later, a number", inputs: { ...stepInputs([], 7, "mean", "square"), largest: { shape: [], range: [0.1, 2] } }, attributes: { beta1: 0.1, beta2: 0.5, eps: 1e-3, weight_decay: 0 } },
  ],
});
