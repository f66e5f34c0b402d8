// square: x².

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { unarySamples } from "./_samples.ts";
import { float } from "./_shapes.ts";

export const square = defineOp({
  name: "square",
  doc: "Square of each element.",
  inputs: ["x"],
  outputs: ["y"],
  infer: ({ x }) => [float(...x.shape)],
  gradient: (b, { inputs: { x } }, [dy]) => ({ x: dy === null ? null : b.multiply(b.scale(x, { factor: 2 }), dy) }),
  flops: (_, [y]) => sizeOf(y.shape),
  evaluate({ x }, [y]) {
    for (let i = 0; i < x.length; i++) y[i] = x[i] * x[i];
  },
  lower: (tf, { x }) => [tf.square(x)],
  samples: unarySamples({}),
});
