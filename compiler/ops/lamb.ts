// lamb: one step of LAMB for one parameter (You et al. 2020, algorithm 2, φ the identity):
// r = m / (1 − β1^t) / (√(v / (1 − β2^t)) + ε) + λ parameter, p = parameter − rate · |parameter| / |r| · r; the ratio is 1 where either norm is 0.

import { sizeOf } from "../graph/node.ts";
import { adamwFactors } from "./adamw.ts";
import type { AdamwAttributes } from "./adamw.ts";
import { defineOp } from "./define.ts";
import { expectShape } from "./_shapes.ts";
import { stepInputs } from "./_samples.ts";

export type LambAttributes = AdamwAttributes;

export const lamb = defineOp({
  name: "lamb",
  doc: "A step of LAMB: new parameter and running means of the gradient and of its square; rate and step (1 for the first) are scalars.",
  inputs: ["parameter", "gradient", "mean", "square", "rate", "step"],
  outputs: ["new_parameter", "new_mean", "new_square"],
  infer({ parameter, gradient, mean, square, rate, step }, _attributes: LambAttributes) {
    for (const [name, info] of Object.entries({ gradient, mean, square })) expectShape(`lamb: ${name}`, info, parameter.shape);
    expectShape("lamb: rate", rate, []);
    expectShape("lamb: step", step, []);
    return [parameter, parameter, parameter];
  },
  gradient: "not differentiable",
  flops: ({ parameter }) => 20 * sizeOf(parameter.shape),
  evaluate({ parameter, gradient, mean, square, rate, step }, [p, m, v], attributes) {
    const { beta1, beta2, eps, weight_decay } = attributes;
    // A rate of 1 makes `change` the correction of the mean alone.
    const { change, root } = adamwFactors(1, step[0], 1, attributes);
    const scale = 1 / root;
    let [weights, changes] = [0, 0];
    for (let i = 0; i < p.length; i++) {
      const g = gradient[i];
      const mi = beta1 * mean[i] + (1 - beta1) * g;
      const vi = beta2 * square[i] + (1 - beta2) * g * g;
      const r = (change * mi) / (Math.sqrt(vi) * scale + eps) + weight_decay * parameter[i];
      m[i] = mi;
      v[i] = vi;
      p[i] = r;
      weights += parameter[i] * parameter[i];
      changes += r * r;
    }
    const by = rate[0] * (weights > 0 && changes > 0 ? Math.sqrt(weights / changes) : 1);
    for (let i = 0; i < p.length; i++) p[i] = parameter[i] - by * p[i];
  },
  lower(tf, { parameter, gradient, mean, square, rate, step }, { beta1, beta2, eps, weight_decay }) {
    const m = tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const correction = (beta: number) => tf.neg(tf.expm1(tf.mul(step, Math.log(beta))));
    const denominator = tf.add(tf.div(tf.sqrt(v), tf.sqrt(correction(beta2))), eps);
    const r = tf.add(tf.div(tf.div(m, correction(beta1)), denominator), tf.mul(parameter, weight_decay));
    const [weights, changes] = [parameter, r].map((x) => tf.sum(tf.square(x)));
    const known = tf.logicalAnd(tf.greater(weights, 0), tf.greater(changes, 0));
    const ratio = tf.where(known, tf.sqrt(tf.div(weights, tf.where(known, changes, tf.onesLike(changes)))), tf.onesLike(weights));
    return [tf.sub(parameter, tf.mul(r, tf.mul(rate, ratio))), m, v];
  },
  samples: [
    { title: "first step", inputs: stepInputs([3, 5], 1, "mean", "square"), attributes: { beta1: 0.9, beta2: 0.999, eps: 1e-6, weight_decay: 0.01 } },
    { title: "a weight of zero", inputs: { ...stepInputs([4], 12, "mean", "square"), parameter: { shape: [4], values: [0, 0, 0, 0] } }, attributes: { beta1: 0.9, beta2: 0.98, eps: 1e-6, weight_decay: 0 } },
  ],
});
