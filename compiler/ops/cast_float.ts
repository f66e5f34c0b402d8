// cast_float: integers as floats.

import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";

export const cast_float = defineOp({
  name: "cast_float",
  doc: "Integers as floats.",
  inputs: ["x"],
  outputs: ["y"],
  infer({ x }) {
    expect(x.dtype === "int32", "cast_float: x is float32 already");
    return [float(...x.shape)];
  },
  gradient: () => ({ x: null }),
  flops: () => 0,
  evaluate({ x }, [y]) {
    y.set(x);
  },
  lower: (tf, { x }) => [tf.cast(x, "float32")],
  samples: [
    { title: "matrix", inputs: { x: { shape: [2, 3], dtype: "int32", range: [-5, 5] } }, attributes: {} },
    { title: "scalar", inputs: { x: { shape: [], dtype: "int32", values: [7] } }, attributes: {} },
  ],
});
