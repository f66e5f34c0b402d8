// activate: f(x) elementwise, f an activation of compiler/activations.

import { sizeOf } from "../graph/node.ts";
import { activationOf, plainActivations } from "./_activation.ts";
import { defineOp } from "./define.ts";
import { float } from "./_shapes.ts";

export type ActivateAttributes = { readonly activation: string };

export const activate = defineOp({
  name: "activate",
  doc: "An activation of each element.",
  inputs: ["x"],
  outputs: ["y"],
  infer({ x }, { activation }: ActivateAttributes) {
    activationOf(activation);
    return [float(...x.shape)];
  },
  gradient: (b, { inputs: { x }, attributes }, [dy]) => ({ x: dy === null ? null : b.activate_gradient(x, dy, attributes) }),
  flops: (_, [y], { activation }) => activationOf(activation).flops * sizeOf(y.shape),
  evaluate({ x }, [y], { activation }) {
    const f = activationOf(activation).evaluate;
    for (let i = 0; i < x.length; i++) y[i] = f(x[i]);
  },
  lower: (tf, { x }, { activation }) => [activationOf(activation).lower(tf, x)],
  samples: [
    ...plainActivations.map((activation) => ({ title: activation, inputs: { x: { shape: [2, 3, 7] } }, attributes: { activation } })),
    { title: "far from zero", inputs: { x: { shape: [6], values: [-40, -6, -1e-3, 1e-3, 6, 40] } }, attributes: { activation: "gelu_tanh" } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] } }, attributes: { activation: "relu" } },
  ],
});
