// linear_activate: y = f(x Wᵀ + b) and slope = f'(x Wᵀ + b), which the backward pass multiplies by instead of finding f' again.

import { sizeOf } from "../graph/node.ts";
import { activationOf, plainActivations } from "./_activation.ts";
import { defineOp } from "./define.ts";
import { linear } from "./linear.ts";

export type LinearActivateAttributes = { readonly activation: string };

export const linear_activate = defineOp({
  name: "linear_activate",
  doc: "An activation of linear of x [..., I], weight [O, I] and bias [O]: [..., O]; also its derivative there.",
  inputs: ["x", "weight", "bias?"],
  products: ["x", "weight"],
  outputs: ["y", "slope"],
  infer(inputs, { activation }: LinearActivateAttributes) {
    activationOf(activation);
    const [y] = linear.infer(inputs, {});
    return [y, y];
  },
  /** Nothing flows back through the slope. */
  gradient(b, { inputs: { x, weight, bias }, outputs: [, slope] }, [dy]) {
    if (dy === null) return { x: null, weight: null, bias: null };
    const dz = b.multiply(dy, slope);
    return {
      x: b.matmul(dz, weight, { transpose_x: false, transpose_y: false }),
      weight: b.matmul(dz, x, { transpose_x: true, transpose_y: false }),
      bias: bias === undefined ? null : b.sum_to(dz, { shape: b.info(bias).shape }),
    };
  },
  flops: ({ weight, bias }, [y], { activation }) => sizeOf(y.shape) * (2 * weight.shape[1] + (bias ? 1 : 0) + 2 * activationOf(activation).flops),
  evaluate(inputs, [y, slope], { activation }, shapes) {
    const { evaluate, derivative } = activationOf(activation);
    linear.evaluate(inputs, [y], {}, { inputs: shapes.inputs, outputs: [shapes.outputs[0]] });
    for (let i = 0; i < y.length; i++) {
      slope[i] = derivative(y[i]);
      y[i] = evaluate(y[i]);
    }
  },
  lower(tf, inputs, { activation }) {
    const [z] = linear_lower(tf, inputs, {});
    const { lower, lower_derivative } = activationOf(activation);
    return [lower(tf, z), lower_derivative(tf, z)];
  },
  samples: [
    ...plainActivations.map((activation) => ({ title: activation, inputs: { x: { shape: [2, 3, 5] }, weight: { shape: [7, 5] }, bias: { shape: [7] } }, attributes: { activation } })),
    { title: "without bias", inputs: { x: { shape: [4, 3] }, weight: { shape: [6, 3] } }, attributes: { activation: "silu" } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, weight: { shape: [2, 3] }, bias: { shape: [2] } }, attributes: { activation: "tanh" } },
  ],
});

const linear_lower = linear.lower as Exclude<typeof linear.lower, "evaluate">;
