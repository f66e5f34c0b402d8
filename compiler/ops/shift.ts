// shift: x + by.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { unarySamples } from "./_samples.ts";
import { float } from "./_shapes.ts";

export type ShiftAttributes = { readonly by: number };

export const shift = defineOp({
  name: "shift",
  doc: "x plus a constant.",
  inputs: ["x"],
  outputs: ["y"],
  infer: ({ x }, _attributes: ShiftAttributes) => [float(...x.shape)],
  gradient: (_b, _node, [dy]) => ({ x: dy }),
  flops: (_, [y]) => sizeOf(y.shape),
  evaluate({ x }, [y], { by }) {
    for (let i = 0; i < x.length; i++) y[i] = x[i] + by;
  },
  lower: (tf, { x }, { by }) => [tf.add(x, by)],
  samples: unarySamples({ by: 0.75 }),
});
