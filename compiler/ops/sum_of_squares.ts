// sum_of_squares: Σ x², summed in float64.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { unarySamples } from "./_samples.ts";
import { float } from "./_shapes.ts";

export const sum_of_squares = defineOp({
  name: "sum_of_squares",
  doc: "Sum of the squares of all elements, a scalar.",
  inputs: ["x"],
  outputs: ["y"],
  infer: () => [float()],
  gradient: (b, { inputs: { x } }, [dy]) => ({ x: dy === null ? null : b.multiply(b.scale(x, { factor: 2 }), dy) }),
  flops: ({ x }) => 2 * sizeOf(x.shape),
  evaluate({ x }, [y]) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
    y[0] = sum;
  },
  lower: (tf, { x }) => [x.size === 0 ? tf.zeros([]) : tf.sum(tf.square(x))],
  samples: unarySamples({}),
});
