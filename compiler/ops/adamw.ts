// adamw: one step of AdamW for one parameter (Loshchilov & Hutter 2019, algorithm 2, in PyTorch's order of operations), g = gradient · factor:
// m = β1 mean + (1 − β1) g, v = β2 square + (1 − β2) g²,
// p = parameter (1 − rate λ) − rate / (1 − β1^t) · m / (√v / √(1 − β2^t) + ε).

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape } from "./_shapes.ts";

export type AdamwAttributes = { readonly beta1: number; readonly beta2: number; readonly eps: number; readonly weight_decay: number };

export const adamw = defineOp({
  name: "adamw",
  doc: "A step of AdamW: new parameter and running means of the gradient and of its square; rate, step (1 for the first) and factor of the gradient are scalars.",
  inputs: ["parameter", "gradient", "mean", "square", "rate", "step", "factor?"],
  outputs: ["new_parameter", "new_mean", "new_square"],
  infer({ parameter, gradient, mean, square, rate, step, factor }, _attributes: AdamwAttributes) {
    expectShape("adamw: gradient", gradient, parameter.shape);
    expectShape("adamw: mean", mean, parameter.shape);
    expectShape("adamw: square", square, parameter.shape);
    expectShape("adamw: rate", rate, []);
    expectShape("adamw: step", step, []);
    if (factor) expectShape("adamw: factor", factor, []);
    return [parameter, parameter, parameter];
  },
  gradient: "not differentiable",
  flops: ({ parameter }) => 14 * sizeOf(parameter.shape),
  evaluate({ parameter, gradient, mean, square, rate, step, factor }, [p, m, v], attributes) {
    const { beta1, beta2, eps } = attributes;
    const { by, keep, change, root } = adamwFactors(rate[0], step[0], factor ? factor[0] : 1, attributes);
    for (let i = 0; i < p.length; i++) {
      const g = gradient[i] * by;
      const mi = beta1 * mean[i] + (1 - beta1) * g;
      const vi = beta2 * square[i] + (1 - beta2) * g * g;
      p[i] = parameter[i] * keep - (change * mi) / (Math.sqrt(vi) / root + eps);
      m[i] = mi;
      v[i] = vi;
    }
  },
  lower(tf, { parameter, gradient, mean, square, rate, step, factor }, { beta1, beta2, eps, weight_decay }) {
    const g = factor ? tf.mul(gradient, factor) : gradient;
    const m = tf.add(tf.mul(mean, beta1), tf.mul(g, 1 - beta1));
    const v = tf.add(tf.mul(square, beta2), tf.mul(tf.square(g), 1 - beta2));
    const correction = (beta: number) => tf.neg(tf.expm1(tf.mul(step, Math.log(beta))));
    const denominator = tf.add(tf.div(tf.sqrt(v), tf.sqrt(correction(beta2))), eps);
    const kept = tf.mul(parameter, tf.sub(1, tf.mul(rate, weight_decay)));
    return [tf.sub(kept, tf.mul(tf.div(m, denominator), tf.div(rate, correction(beta1)))), m, v];
  },
  samples: [
    { title: "first step", inputs: inputsOf([3, 5], 1), attributes: { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 } },
    { title: "clipped, later", inputs: { ...inputsOf([19], 40), factor: { shape: [], values: [0.3] } }, attributes: { beta1: 0.9, beta2: 0.98, eps: 1e-6, weight_decay: 0 } },
    { title: "a number", inputs: inputsOf([], 7), attributes: { beta1: 0.1, beta2: 0.5, eps: 1e-3, weight_decay: 0.1 } },
  ],
});

function inputsOf(shape: readonly number[], step: number) {
  return { parameter: { shape }, gradient: { shape }, mean: { shape }, square: { shape, range: [0.1, 2] as const }, rate: { shape: [], values: [0.01] }, step: { shape: [], values: [step] } };
}

/** What all elements share: the gradient's factor, what decay leaves, the size of the change, and √(1 − β2^t). */
export function adamwFactors(rate: number, step: number, factor: number, { beta1, beta2, weight_decay }: AdamwAttributes): { readonly by: number; readonly keep: number; readonly change: number; readonly root: number } {
  // β^0 of β = 0 has no logarithm: 1 − 0^t is 1.
  const correction = (beta: number): number => (beta === 0 ? 1 : -Math.expm1(step * Math.log(beta)));
  return { by: factor, keep: 1 - rate * weight_decay, change: rate / correction(beta1), root: Math.sqrt(correction(beta2)) };
}
