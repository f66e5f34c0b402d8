// constant: one value filled into a shape.

import type { Shape } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { float } from "./_shapes.ts";

export type ConstantAttributes = { readonly shape: Shape; readonly value: number };

export const constant = defineOp({
  name: "constant",
  doc: "A value filled into a shape.",
  inputs: [],
  outputs: ["y"],
  infer: (_, { shape }: ConstantAttributes) => [float(...shape)],
  gradient: () => ({}),
  flops: () => 0,
  evaluate(_, [y], { value }) {
    y.fill(value);
  },
  lower: (tf, _, { shape, value }) => [tf.fill([...shape], value, "float32")],
  samples: [
    { title: "matrix", inputs: {}, attributes: { shape: [2, 3], value: 0.5 } },
    { title: "scalar", inputs: {}, attributes: { shape: [], value: -2 } },
  ],
});
