// linear_add: y = addend + x Wᵀ + b, a residual branch's last product.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { linear } from "./linear.ts";
import { expectShape } from "./_shapes.ts";

export const linear_add = defineOp({
  name: "linear_add",
  doc: "addend [..., O] plus linear of x [..., I], weight [O, I] and bias [O]: [..., O].",
  inputs: ["x", "weight", "addend", "bias?"],
  products: ["x", "weight"],
  outputs: ["y"],
  infer({ x, weight, addend, bias }) {
    const [y] = linear.infer({ x, weight, bias }, {});
    expectShape("linear_add: addend", addend, y.shape);
    return [y];
  },
  gradient(b, { inputs: { x, weight, bias } }, [dy]) {
    if (dy === null) return { x: null, weight: null, addend: null, bias: null };
    return {
      x: b.matmul(dy, weight, { transpose_x: false, transpose_y: false }),
      weight: b.matmul(dy, x, { transpose_x: true, transpose_y: false }),
      addend: dy,
      bias: bias === undefined ? null : b.sum_to(dy, { shape: b.info(bias).shape }),
    };
  },
  flops: ({ weight, bias }, [y]) => sizeOf(y.shape) * (2 * weight.shape[1] + (bias ? 2 : 1)),
  evaluate({ x, weight, addend, bias }, [y], attributes, { inputs, outputs }) {
    linear.evaluate({ x, weight, bias }, [y], attributes, { inputs, outputs });
    for (let i = 0; i < y.length; i++) y[i] += addend[i];
  },
  lower: (tf, { x, weight, addend, bias }) => [tf.add(linear_lower(tf, { x, weight, bias }, {})[0], addend)],
  samples: [
    { title: "with bias", inputs: { x: { shape: [2, 3, 5] }, weight: { shape: [7, 5] }, addend: { shape: [2, 3, 7] }, bias: { shape: [7] } }, attributes: {} },
    { title: "without bias", inputs: { x: { shape: [4, 3] }, weight: { shape: [6, 3] }, addend: { shape: [4, 6] } }, attributes: {} },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, weight: { shape: [2, 3] }, addend: { shape: [0, 2] }, bias: { shape: [2] } }, attributes: {} },
  ],
});

const linear_lower = linear.lower as Exclude<typeof linear.lower, "evaluate">;
