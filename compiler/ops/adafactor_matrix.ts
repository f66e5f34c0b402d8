// adafactor_matrix: Adafactor's direction from the means of the rows and columns of the squared gradient (Shazeer & Stern 2018, algorithm 4).
// Over the last two axes: r = (1 − s) row + s mean_j (g² + ε), c = (1 − s) column + s mean_i (g² + ε), s = t^−decay;
// direction = g / √(r c / mean_i r), clipped by its root mean square.

import { sizeOf } from "../graph/node.ts";
import type { AdafactorAttributes } from "./_adafactor.ts";
import { clipInPlace, clipped, freshShare, matricesOf } from "./_adafactor.ts";
import { defineOp } from "./define.ts";
import { expect, expectShape } from "./_shapes.ts";
import { stepInputs } from "./_samples.ts";

export type AdafactorMatrixAttributes = AdafactorAttributes;

export const adafactor_matrix = defineOp({
  name: "adafactor_matrix",
  doc: "Adafactor's clipped direction for gradient [..., R, C], and the new mean squares of its rows [..., R] and columns [..., C]; step (1 for the first) is a scalar.",
  inputs: ["gradient", "row", "column", "step"],
  outputs: ["direction", "new_row", "new_column"],
  infer({ gradient, row, column, step }, _attributes: AdafactorMatrixAttributes) {
    const { shape } = gradient;
    expect(shape.length >= 2, "adafactor_matrix: gradient has no rows and columns");
    expectShape("adafactor_matrix: row", row, shape.slice(0, -1));
    expectShape("adafactor_matrix: column", column, [...shape.slice(0, -2), shape[shape.length - 1]]);
    expectShape("adafactor_matrix: step", step, []);
    return [gradient, row, column];
  },
  gradient: "not differentiable",
  flops: ({ gradient }) => 10 * sizeOf(gradient.shape),
  evaluate({ gradient, row, column, step }, [direction, r, c], attributes, { inputs }) {
    const { eps, floor, threshold } = attributes;
    const { batch, rows, columns } = matricesOf(inputs.gradient);
    const share = freshShare(step[0], attributes);
    const added = floor ? 0 : eps;
    const columnSums = new Float64Array(columns);
    const columnRoots = new Float64Array(columns);
    // 1 / √max(v, ε²) is the smaller of 1 / √v and 1 / ε: one root a row and a column.
    const most = floor && eps > 0 ? 1 / eps : Infinity;
    let squares = 0;
    for (let k = 0; k < batch; k++) {
      columnSums.fill(0);
      let rowTotal = 0;
      for (let i = 0, at = k * rows * columns; i < rows; i++) {
        let sum = 0;
        for (let j = 0; j < columns; j++, at++) {
          const square = gradient[at] * gradient[at] + added;
          sum += square;
          columnSums[j] += square;
        }
        const ri = (1 - share) * row[k * rows + i] + (share * sum) / columns;
        r[k * rows + i] = ri;
        rowTotal += ri;
      }
      for (let j = 0; j < columns; j++) {
        const cj = (1 - share) * column[k * columns + j] + (share * columnSums[j]) / rows;
        c[k * columns + j] = cj;
        columnRoots[j] = 1 / Math.sqrt(cj);
      }
      const mean = floor ? Math.max(rowTotal / rows, eps) : rowTotal / rows;
      for (let i = 0, at = k * rows * columns; i < rows; i++) {
        const rowRoot = 1 / Math.sqrt(r[k * rows + i] / mean);
        for (let j = 0; j < columns; j++, at++) {
          const factor = rowRoot * columnRoots[j];
          const d = gradient[at] * (factor < most ? factor : most);
          direction[at] = d;
          squares += d * d;
        }
      }
    }
    clipInPlace(direction, squares, threshold);
  },
  lower(tf, { gradient, row, column, step }, { decay, eps, floor, threshold }) {
    const share = tf.pow(step, -decay);
    const squares = tf.add(tf.square(gradient), floor ? 0 : eps);
    const [r, c] = ([[row, -1], [column, -2]] as const).map(([kept, axis]) => tf.add(tf.mul(kept, tf.sub(1, share)), tf.mul(tf.mean(squares, axis), share)));
    const mean = tf.mean(r, -1, true);
    const [rows, columns] = [tf.expandDims(tf.div(r, floor ? tf.maximum(mean, eps) : mean), -1), tf.expandDims(c, -2)];
    // Two roots, as in transformers: the product of two small means underflows in float32.
    const inverse = floor ? tf.rsqrt(tf.maximum(tf.mul(rows, columns), eps * eps)) : tf.mul(tf.rsqrt(rows), tf.rsqrt(columns));
    return [clipped(tf, tf.mul(gradient, inverse), threshold), r, c];
  },
  samples: [sampleOf("added", [], 1, false), sampleOf("floor", [], 40, true), sampleOf("a batch of matrices", [2], 3, false)],
});

function sampleOf(title: string, batch: readonly number[], at: number, floor: boolean) {
  const { gradient, step } = stepInputs([...batch, 3, 5], at);
  const range = [0.1, 2] as const;
  return { title, inputs: { gradient, row: { shape: [...batch, 3], range }, column: { shape: [...batch, 5], range }, step }, attributes: { decay: 0.8, threshold: 1, eps: floor ? 1e-7 : 1e-30, floor } };
}
