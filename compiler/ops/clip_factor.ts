// clip_factor: min(1, limit / (norm + 1e-6)), as torch's clip_grad_norm_.

import { defineOp } from "./define.ts";
import { expectShape, float } from "./_shapes.ts";

export type ClipFactorAttributes = { readonly limit: number };

export const clip_factor = defineOp({
  name: "clip_factor",
  doc: "min(1, limit / (norm + 1e-6)), a scalar.",
  inputs: ["norm"],
  outputs: ["y"],
  infer({ norm }, _attributes: ClipFactorAttributes) {
    expectShape("clip_factor: norm", norm, []);
    return [float()];
  },
  gradient: "not differentiable",
  flops: () => 3,
  evaluate({ norm }, [y], { limit }) {
    y[0] = Math.min(1, limit / (norm[0] + 1e-6));
  },
  lower: (tf, { norm }, { limit }) => [tf.minimum(tf.div(limit, tf.add(norm, 1e-6)), 1)],
  samples: [
    { title: "clipped", inputs: { norm: { shape: [], values: [4] } }, attributes: { limit: 1 } },
    { title: "not clipped", inputs: { norm: { shape: [], values: [0.5] } }, attributes: { limit: 1 } },
    { title: "zero", inputs: { norm: { shape: [], values: [0] } }, attributes: { limit: 1 } },
  ],
});
