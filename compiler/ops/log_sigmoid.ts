// log_sigmoid: log 1 / (1 + e^−x), without overflow: min(x, 0) − log(1 + e^−|x|).

import { exp } from "../activations/_exp.ts";
import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { unarySamples } from "./_samples.ts";
import { float } from "./_shapes.ts";

export const log_sigmoid = defineOp({
  name: "log_sigmoid",
  doc: "The logarithm of the logistic function of each element.",
  inputs: ["x"],
  outputs: ["y"],
  infer: ({ x }) => [float(...x.shape)],
  // 1 − σ(x) = σ(−x) = e^(log σ(x) − x).
  gradient: (b, { inputs: { x }, outputs: [y] }, [dy]) => ({ x: dy === null ? null : b.multiply(dy, b.exponential(b.subtract(y, x))) }),
  flops: (_, [y]) => 3 * sizeOf(y.shape),
  evaluate({ x }, [y]) {
    for (let i = 0; i < x.length; i++) y[i] = Math.min(x[i], 0) - Math.log1p(exp(-Math.abs(x[i])));
  },
  lower: (tf, { x }) => [tf.sub(tf.minimum(x, 0), tf.log1p(tf.exp(tf.neg(tf.abs(x)))))],
  samples: [...unarySamples({}, [-3, 3]), { title: "far from 0", inputs: { x: { shape: [4], values: [-90, 60, -30, 100] } }, attributes: {} }],
});
