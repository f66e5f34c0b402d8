// activate_gradient: dx = dy · f'(x).

import { sizeOf } from "../graph/node.ts";
import { activationOf, plainActivations } from "./_activation.ts";
import { defineOp } from "./define.ts";
import { expectShape, float } from "./_shapes.ts";

export type ActivateGradientAttributes = { readonly activation: string };

export const activate_gradient = defineOp({
  name: "activate_gradient",
  doc: "dy times the activation's derivative at x.",
  inputs: ["x", "dy"],
  outputs: ["dx"],
  infer({ x, dy }, { activation }: ActivateGradientAttributes) {
    activationOf(activation);
    expectShape("activate_gradient: dy", dy, x.shape);
    return [float(...x.shape)];
  },
  gradient: "not differentiable",
  flops: (_, [dx], { activation }) => (2 * activationOf(activation).flops + 1) * sizeOf(dx.shape),
  evaluate({ x, dy }, [dx], { activation }) {
    const f = activationOf(activation).derivative;
    for (let i = 0; i < x.length; i++) dx[i] = dy[i] * f(x[i]);
  },
  lower: (tf, { x, dy }, { activation }) => [tf.mul(dy, activationOf(activation).lower_derivative(tf, x))],
  samples: [
    ...plainActivations.map((activation) => ({ title: activation, inputs: { x: { shape: [2, 3, 7] }, dy: { shape: [2, 3, 7] } }, attributes: { activation } })),
    { title: "far from zero", inputs: { x: { shape: [6], values: [-40, -6, -1e-3, 1e-3, 6, 40] }, dy: { shape: [6] } }, attributes: { activation: "gelu_tanh" } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, dy: { shape: [0, 3] } }, attributes: { activation: "relu" } },
  ],
});
