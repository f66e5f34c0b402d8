// lion: one step of Lion for one parameter (Chen et al. 2023, algorithm 2):
// p = parameter (1 − rate λ) − rate · sign(β1 mean + (1 − β1) g), m = β2 mean + (1 − β2) g.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape } from "./_shapes.ts";
import { stepInputs } from "./_samples.ts";

export type LionAttributes = { readonly beta1: number; readonly beta2: number; readonly weight_decay: number };

export const lion = defineOp({
  name: "lion",
  doc: "A step of Lion: new parameter and running mean of the gradient; rate is a scalar.",
  inputs: ["parameter", "gradient", "mean", "rate"],
  outputs: ["new_parameter", "new_mean"],
  infer({ parameter, gradient, mean, rate }, _attributes: LionAttributes) {
    expectShape("lion: gradient", gradient, parameter.shape);
    expectShape("lion: mean", mean, parameter.shape);
    expectShape("lion: rate", rate, []);
    return [parameter, parameter];
  },
  gradient: "not differentiable",
  flops: ({ parameter }) => 9 * sizeOf(parameter.shape),
  evaluate({ parameter, gradient, mean, rate }, [p, m], { beta1, beta2, weight_decay }) {
    const [by] = rate;
    const keep = 1 - by * weight_decay;
    for (let i = 0; i < p.length; i++) {
      const g = gradient[i];
      const mi = mean[i];
      const u = beta1 * mi + (1 - beta1) * g;
      // A gradient that is not a number makes its weight one too, so that it is seen.
      p[i] = parameter[i] * keep - (u > 0 ? by : u < 0 ? -by : u);
      m[i] = beta2 * mi + (1 - beta2) * g;
    }
  },
  lower(tf, { parameter, gradient, mean, rate }, { beta1, beta2, weight_decay }) {
    const direction = tf.sign(tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1)));
    const kept = tf.mul(parameter, tf.sub(1, tf.mul(rate, weight_decay)));
    return [tf.sub(kept, tf.mul(direction, rate)), tf.add(tf.mul(mean, beta2), tf.mul(gradient, 1 - beta2))];
  },
  samples: [samplesOf("decayed", [3, 5], 0.1), samplesOf("a number, not decayed", [], 0)],
});

function samplesOf(title: string, shape: readonly number[], weight_decay: number) {
  const { step: _, ...inputs } = stepInputs(shape, 1, "mean");
  return { title, inputs, attributes: { beta1: 0.9, beta2: 0.99, weight_decay } };
}
