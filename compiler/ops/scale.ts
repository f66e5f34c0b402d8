// scale: x · factor.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { unarySamples } from "./_samples.ts";
import { float } from "./_shapes.ts";

export type ScaleAttributes = { readonly factor: number };

export const scale = defineOp({
  name: "scale",
  doc: "x times a constant factor.",
  inputs: ["x"],
  outputs: ["y"],
  infer: ({ x }, _attributes: ScaleAttributes) => [float(...x.shape)],
  gradient: (b, { attributes }, [dy]) => ({ x: dy === null ? null : b.scale(dy, attributes) }),
  flops: (_, [y]) => sizeOf(y.shape),
  evaluate({ x }, [y], { factor }) {
    for (let i = 0; i < x.length; i++) y[i] = x[i] * factor;
  },
  lower: (tf, { x }, { factor }) => [tf.mul(x, factor)],
  samples: unarySamples({ factor: -1.5 }),
});
