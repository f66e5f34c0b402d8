// square_root: √x.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { unarySamples } from "./_samples.ts";
import { float } from "./_shapes.ts";

export const square_root = defineOp({
  name: "square_root",
  doc: "Square root of each element.",
  inputs: ["x"],
  outputs: ["y"],
  infer: ({ x }) => [float(...x.shape)],
  gradient: (b, { outputs: [y] }, [dy]) => ({ x: dy === null ? null : b.scale(b.divide(dy, y), { factor: 0.5 }) }),
  flops: (_, [y]) => sizeOf(y.shape),
  evaluate({ x }, [y]) {
    for (let i = 0; i < x.length; i++) y[i] = Math.sqrt(x[i]);
  },
  lower: (tf, { x }) => [tf.sqrt(x)],
  samples: unarySamples({}, [0.5, 3]),
});
