// linear_cross_entropy: cross_entropy of linear, a few rows at a time: logits of all rows, often the largest values of a step, never exist.
// D width, V vocabulary.

import { sizeOf } from "../graph/node.ts";
import { cross_entropy } from "./cross_entropy.ts";
import { defineOp, type Data } from "./define.ts";
import { linear } from "./linear.ts";
import { expectShape, float, rowsOf } from "./_shapes.ts";

/** Rows whose logits exist together. */
export const rowsTogether = 64;

export const linear_cross_entropy = defineOp({
  name: "linear_cross_entropy",
  doc: "Sum over rows of weights * cross-entropy of the target under the logits linear(x [..., D], weight [V, D], bias [V]).",
  inputs: ["x", "weight", "targets", "weights", "bias?"],
  products: ["x", "weight"],
  outputs: ["loss_sum"],
  infer({ x, weight, targets, weights, bias }) {
    linear.infer({ x, weight, bias }, {});
    expectShape("linear_cross_entropy: targets", targets, x.shape.slice(0, -1));
    expectShape("linear_cross_entropy: weights", weights, targets.shape);
    return [float()];
  },
  gradient(b, { inputs: { x, weight, targets, weights, bias = null } }, [dloss]) {
    if (dloss === null) return { x: null, weight: null, targets: null, weights: null, bias: null };
    const [, dx, dweight, dbias] = b.linear_cross_entropy_gradient(x, weight, targets, weights, dloss, bias, {});
    return { x: dx, weight: dweight, targets: null, weights: null, bias: bias === null ? null : dbias };
  },
  flops: ({ x, weight }) => rowsOf(x.shape) * weight.shape[0] * (2 * weight.shape[1] + 6),
  bytes: ({ x, weight, targets }) => 4 * (sizeOf(x.shape) + sizeOf(weight.shape) + 2 * sizeOf(targets.shape) + 1),
  evaluate({ x, weight, targets, weights, bias }, [loss_sum], _, { inputs }) {
    const [V, D] = inputs.weight;
    const rows = rowsOf(inputs.x);
    const logits = new (x.constructor as Float64ArrayConstructor)(rowsTogether * V);
    const [loss, log_sum] = [new Float64Array(1), new Float64Array(rowsTogether)];
    let total = 0;
    for (let row = 0; row < rows; row += rowsTogether) {
      const count = Math.min(rowsTogether, rows - row);
      const part: Data = logits.subarray(0, count * V);
      linear.evaluate({ x: x.subarray(row * D, (row + count) * D), weight, bias }, [part], {}, { inputs: { x: [count, D], weight: inputs.weight, bias: inputs.bias }, outputs: [[count, V]] });
      const shapes = { inputs: { logits: [count, V], targets: [count], weights: [count] }, outputs: [[], [count]] };
      cross_entropy.evaluate({ logits: part, targets: targets.subarray(row, row + count), weights: weights.subarray(row, row + count) }, [loss, log_sum.subarray(0, count)], {}, shapes);
      total += loss[0];
    }
    loss_sum[0] = total;
  },
  lower(tf, { x, weight, targets, weights, bias }) {
    const [logits] = linear_lower(tf, { x, weight, bias }, {});
    return [entropy_lower(tf, { logits, targets, weights }, {})[0]];
  },
  samples: [
    { title: "with bias", inputs: { x: { shape: [2, 3, 5] }, weight: { shape: [7, 5] }, targets: { shape: [2, 3], dtype: "int32", range: [0, 7] }, weights: { shape: [2, 3], range: [0.5, 1.5] }, bias: { shape: [7] } }, attributes: {} },
    { title: "rows without loss", inputs: { x: { shape: [4, 3] }, weight: { shape: [5, 3] }, targets: { shape: [4], dtype: "int32", values: [1, -100, 4, 99] }, weights: { shape: [4], values: [1, 0, 0.5, 0] } }, attributes: {} },
    { title: "more rows than stand together", inputs: { x: { shape: [70, 2] }, weight: { shape: [3, 2] }, targets: { shape: [70], dtype: "int32", range: [0, 3] }, weights: { shape: [70], range: [0.5, 1.5] } }, attributes: {} },
    { title: "no row counts", inputs: { x: { shape: [2, 3] }, weight: { shape: [4, 3] }, targets: { shape: [2], dtype: "int32", values: [-100, -100] }, weights: { shape: [2], values: [0, 0] } }, attributes: {} },
  ],
});

const linear_lower = linear.lower as Exclude<typeof linear.lower, "evaluate">;
const entropy_lower = cross_entropy.lower as Exclude<typeof cross_entropy.lower, "evaluate">;
