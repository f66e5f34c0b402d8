// linear_cross_entropy_gradient: the loss again, and with dlogits = dloss · weights · (softmax − one-hot target), a few rows at a time,
// dx = dlogits W, dweight = dlogitsᵀ x, dbias = Σ rows of dlogits. In a training step it is the only pass over the logits: nothing
// that dloss depends on comes after the loss, so the rewrite "loss and its gradient" takes the loss from here too.

import { sizeOf, type Attributes } from "../graph/node.ts";
import { cross_entropy } from "./cross_entropy.ts";
import { cross_entropy_gradient } from "./cross_entropy_gradient.ts";
import { defineOp, type Data } from "./define.ts";
import { linear } from "./linear.ts";
import { linear_cross_entropy, rowsTogether } from "./linear_cross_entropy.ts";
import { matmul } from "./matmul.ts";
import { bfloat16s, bfloat16Tensor, isBfloat16, type Precise } from "./_precision.ts";
import { expectShape, float, rowsOf, widthOf } from "./_shapes.ts";

/** `frozen`: the weight's gradient is wanted by nothing and left out; dweight is then [0, D]. */
export type LinearCrossEntropyGradientAttributes = Precise & { readonly frozen?: boolean };

export const linear_cross_entropy_gradient = defineOp({
  name: "linear_cross_entropy_gradient",
  doc: "linear_cross_entropy and, times dloss, its gradients for x, weight (unless it is frozen) and bias; dbias is [V], or [0] without a bias.",
  inputs: ["x", "weight", "targets", "weights", "dloss", "bias?"],
  products: ["x", "weight"],
  rounds_inside: true,
  outputs: ["loss_sum", "dx", "dweight", "dbias"],
  infer({ x, weight, targets, weights, dloss, bias }, attributes: LinearCrossEntropyGradientAttributes) {
    const [loss] = linear_cross_entropy.infer({ x, weight, targets, weights, bias }, {});
    expectShape("linear_cross_entropy_gradient: dloss", dloss, []);
    return [loss, float(...x.shape), attributes.frozen ? float(0, weight.shape[1]) : float(...weight.shape), float(bias ? weight.shape[0] : 0)];
  },
  gradient: "not differentiable",
  flops: ({ x, weight }, [, , dweight]) => rowsOf(x.shape) * weight.shape[0] * ((dweight.shape[0] ? 6 : 4) * weight.shape[1] + 12),
  bytes: ({ x, weight, targets }, [, , dweight]) => 4 * (2 * sizeOf(x.shape) + sizeOf(weight.shape) + sizeOf(dweight.shape) + 2 * sizeOf(targets.shape) + 2),
  evaluate({ x, weight, targets, weights, dloss, bias }, [loss_sum, dx, dweight, dbias], attributes, { inputs }) {
    const [V, D] = inputs.weight;
    const rows = rowsOf(inputs.x);
    const floats = (size: number): Data => new (x.constructor as Float64ArrayConstructor)(size);
    const [logits, slopes, product] = [floats(rowsTogether * V), floats(rowsTogether * V), floats(dweight.length)];
    const [loss, log_sum] = [new Float64Array(1), floats(rowsTogether)];
    const sums = new Float64Array(V);
    let total = 0;
    dweight.fill(0);
    for (let row = 0; row < rows; row += rowsTogether) {
      const count = Math.min(rowsTogether, rows - row);
      const rowsOfX = x.subarray(row * D, (row + count) * D);
      const shape = [count, V];
      const [part, slope, log_sums] = [logits.subarray(0, count * V), slopes.subarray(0, count * V), log_sum.subarray(0, count)];
      linear.evaluate({ x: rowsOfX, weight, bias }, [part], {}, { inputs: { x: [count, D], weight: inputs.weight, bias: inputs.bias }, outputs: [shape] });
      const given = { logits: part, targets: targets.subarray(row, row + count), weights: weights.subarray(row, row + count) };
      const shapes = { logits: shape, targets: [count], weights: [count] };
      cross_entropy.evaluate(given, [loss, log_sums], {}, { inputs: shapes, outputs: [[], [count]] });
      total += loss[0];
      cross_entropy_gradient.evaluate({ ...given, log_sum: log_sums, dloss }, [slope], {}, { inputs: { ...shapes, log_sum: [count], dloss: [] }, outputs: [shape] });
      if (bias) for (let i = 0; i < slope.length; i++) sums[i % V] += slope[i];
      const rounded = isBfloat16(attributes) ? bfloat16s(slope) : slope;
      matmul.evaluate({ x: rounded, y: weight }, [dx.subarray(row * D, (row + count) * D)], { transpose_x: false, transpose_y: false }, { inputs: { x: shape, y: inputs.weight }, outputs: [[count, D]] });
      if (!product.length) continue;
      matmul.evaluate({ x: rounded, y: rowsOfX }, [product], { transpose_x: true, transpose_y: false }, { inputs: { x: shape, y: [count, D] }, outputs: [[V, D]] });
      for (let i = 0; i < product.length; i++) dweight[i] += product[i];
    }
    loss_sum[0] = total;
    if (bias) dbias.set(sums);
  },
  lower(tf, { x, weight, targets, weights, dloss, bias }, attributes) {
    const [logits] = linear_lower(tf, { x, weight, bias }, {});
    const [loss, log_sum] = entropy_lower(tf, { logits, targets, weights }, {});
    const [slope] = gradient_lower(tf, { logits, targets, weights, log_sum, dloss }, {});
    const rounded = isBfloat16(attributes) ? bfloat16Tensor(tf, slope) : slope;
    const [dx] = matmul_lower(tf, { x: rounded, y: weight }, { transpose_x: false, transpose_y: false });
    const dweight = isFrozen(attributes) ? tf.zeros([0, widthOf(x.shape)]) : matmul_lower(tf, { x: rounded, y: x }, { transpose_x: true, transpose_y: false })[0];
    return [loss, dx, dweight, bias ? tf.sum(tf.reshape(slope, [rowsOf(slope.shape), widthOf(slope.shape)]), 0) : tf.zeros([0])];
  },
  samples: linear_cross_entropy.samples.flatMap(({ title, inputs }, i) => {
    const given = { ...inputs, dloss: { shape: [], values: [i === 1 ? -2 : 0.7] } };
    const frozen: Attributes = { frozen: true };
    return [{ title, inputs: given, attributes: {} as Attributes }, { title: `${title}, the weight frozen`, inputs: given, attributes: frozen }];
  }),
});

const isFrozen = (attributes: Attributes): boolean => attributes.frozen === true;

const linear_lower = linear.lower as Exclude<typeof linear.lower, "evaluate">;
const matmul_lower = matmul.lower as Exclude<typeof matmul.lower, "evaluate">;
const entropy_lower = cross_entropy.lower as Exclude<typeof cross_entropy.lower, "evaluate">;
const gradient_lower = cross_entropy_gradient.lower as Exclude<typeof cross_entropy_gradient.lower, "evaluate">;
