// reshape: the same elements, row by row, in another shape.

import { sizeOf, type Shape } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect } from "./_shapes.ts";

export type ReshapeAttributes = { readonly shape: Shape };

export const reshape = defineOp({
  name: "reshape",
  doc: "The same elements in another shape; floats or integers.",
  inputs: ["x"],
  outputs: ["y"],
  infer({ x }, { shape }: ReshapeAttributes) {
    expect(sizeOf(x.shape) === sizeOf(shape), `reshape: [${x.shape}] to [${shape}]`);
    return [{ shape, dtype: x.dtype }];
  },
  gradient: (b, { inputs: { x } }, [dy]) => ({ x: dy === null ? null : b.reshape(dy, { shape: b.info(x).shape }) }),
  flops: () => 0,
  evaluate({ x }, [y]) {
    y.set(x);
  },
  lower: (tf, { x }, { shape }) => [tf.reshape(x, [...shape])],
  samples: [
    { title: "split an axis", inputs: { x: { shape: [3, 10] } }, attributes: { shape: [3, 2, 5] } },
    { title: "flatten", inputs: { x: { shape: [3, 2, 5] } }, attributes: { shape: [30] } },
    { title: "to a scalar", inputs: { x: { shape: [1, 1] } }, attributes: { shape: [] } },
    { title: "empty batch", inputs: { x: { shape: [0, 4] } }, attributes: { shape: [0, 2, 2] } },
    { title: "integers", inputs: { x: { shape: [2, 3], dtype: "int32", range: [0, 9] } }, attributes: { shape: [6] } },
  ],
});
