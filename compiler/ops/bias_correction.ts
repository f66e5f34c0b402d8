// bias_correction: 1 − beta^step (Adam), as −expm1(step · ln beta): exact where beta^step is near 1.

import { defineOp } from "./define.ts";
import { expectShape, float } from "./_shapes.ts";

export type BiasCorrectionAttributes = { readonly beta: number };

export const bias_correction = defineOp({
  name: "bias_correction",
  doc: "1 - beta^step, a scalar.",
  inputs: ["step"],
  outputs: ["y"],
  infer({ step }, _attributes: BiasCorrectionAttributes) {
    expectShape("bias_correction: step", step, []);
    return [float()];
  },
  gradient: "not differentiable",
  flops: () => 10,
  evaluate({ step }, [y], { beta }) {
    y[0] = -Math.expm1(step[0] * Math.log(beta));
  },
  lower: (tf, { step }, { beta }) => [tf.neg(tf.expm1(tf.mul(step, Math.log(beta))))],
  samples: [
    { title: "first step", inputs: { step: { shape: [], values: [1] } }, attributes: { beta: 0.999 } },
    { title: "step 37", inputs: { step: { shape: [], values: [37] } }, attributes: { beta: 0.9 } },
    { title: "late", inputs: { step: { shape: [], values: [1e6] } }, attributes: { beta: 0.95 } },
  ],
});
