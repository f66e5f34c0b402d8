// fold: constant folding. A constant of the graph is one number filled into a shape, so a result folds when it is filled with one number.

import { evaluateNode } from "../graph/evaluate.ts";
import { sizeOf } from "../graph/node.ts";
import type { ValueInfo } from "../graph/node.ts";
import type { Match } from "./define.ts";
import { defineFamily } from "./define.ts";

/** Evaluated on one element: the result of every element is the same. */
const elementwise: ReadonlySet<string> = new Set(["add", "subtract", "multiply", "divide", "scale", "shift", "square", "square_root", "activate", "activate_gradient"]);

/** Larger results of other ops are left to the runtime. */
const sizeLimit = 4096;

export const fold = defineFamily({
  word: "fold",
  doc: "Computes at compile time what depends on constants alone.",
  rows: [
    {
      title: "operation on constants → constant",
      pattern: { op: "*" },
      condition: (match) => foldedValue(match) !== null,
      replacement: (b, match) => b.constant({ shape: match.result.shape, value: foldedValue(match) as number }),
      example: (b) => {
        const half = b.constant({ shape: [2, 3], value: 0.5 });
        const rows = b.sum_to(b.scale(half, { factor: 3 }), { shape: [3] });
        b.output("y", b.add(b.input("x", { shape: [4, 3], dtype: "float32" }), b.square(rows)));
      },
    },
  ],
});

/** The number that fills the node's output, when all its inputs are constants and the number is finite; else null. */
function foldedValue({ node, result, info, constant }: Match): number | null {
  if (node.op === "constant" || result.dtype !== "float32" || !node.inputs.some((value) => value !== null)) return null;
  const fills: (number | null)[] = [];
  for (const value of node.inputs) {
    const fill = value === null ? null : constant(value);
    if (value !== null && fill === null) return null;
    fills.push(fill);
  }
  const single = elementwise.has(node.op);
  const shrink = (whole: ValueInfo): ValueInfo => (single ? { shape: [], dtype: whole.dtype } : whole);
  const infos = [...node.inputs.map((value) => (value === null ? null : shrink(info(value)))), shrink(result)];
  if (infos.some((whole) => whole && sizeOf(whole.shape) > sizeLimit)) return null;
  const values = infos.map((whole) => whole ?? result);
  const last = values.length - 1;
  const small = { ...node, inputs: node.inputs.map((value, i) => (value === null ? null : i)), outputs: [last] };
  const [data] = evaluateNode(small, values, fills.map((fill, i) => (fill === null ? null : new Float64Array(sizeOf(values[i].shape)).fill(fill))));
  const fill = data[0];
  return Number.isFinite(fill) && data.every((item) => item === fill) ? fill : null;
}
