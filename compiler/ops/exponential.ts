// exponential: e^x.

import { exp } from "../activations/_exp.ts";
import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { unarySamples } from "./_samples.ts";
import { float } from "./_shapes.ts";

export const exponential = defineOp({
  name: "exponential",
  doc: "e to the power of each element.",
  inputs: ["x"],
  outputs: ["y"],
  infer: ({ x }) => [float(...x.shape)],
  gradient: (b, { outputs: [y] }, [dy]) => ({ x: dy === null ? null : b.multiply(dy, y) }),
  flops: (_, [y]) => sizeOf(y.shape),
  evaluate({ x }, [y]) {
    for (let i = 0; i < x.length; i++) y[i] = exp(x[i]);
  },
  lower: (tf, { x }) => [tf.exp(x)],
  samples: unarySamples({}, [-2, 2]),
});
