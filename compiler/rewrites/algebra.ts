// algebra: identities of elementwise operations and of changes of shape.

import type { Attributes } from "../graph/node.ts";
import { sameInfo, sameShape } from "../graph/verify.ts";
import type { Match, Rewrite } from "./define.ts";
import { defineFamily, floatInput } from "./define.ts";

const broadcasting = ["add", "subtract", "multiply", "divide"];
const isConstant = (word: string) => (match: Match): boolean => match.constant(match.values[word]) !== null;
const fillOf = (match: Match, word: string): number => match.constant(match.values[word]) as number;
/** The captured value can stand for the whole node. */
const fits = (match: Match, word: string): boolean => sameInfo(match.info(match.values[word]), match.result);

const scalars: readonly Rewrite[] = [
  {
    title: "x * 1 → x",
    pattern: { op: "scale", inputs: { x: "x" } },
    condition: ({ node }) => node.attributes.factor === 1,
    replacement: (_, { values }) => values.x,
    example: (b) => b.output("y", b.scale(floatInput(b, "x", 3), { factor: 1 })),
  },
  {
    title: "x + 0 → x",
    pattern: { op: "shift", inputs: { x: "x" } },
    condition: ({ node }) => node.attributes.by === 0,
    replacement: (_, { values }) => values.x,
    example: (b) => b.output("y", b.shift(floatInput(b, "x", 3), { by: 0 })),
  },
  {
    title: "x * a * b → x * ab",
    pattern: { op: "scale", inputs: { x: { op: "scale", inputs: { x: "x" }, as: "inner" } } },
    replacement: (b, { node, nodes, values }) => b.scale(values.x, { factor: (node.attributes.factor as number) * (nodes.inner.attributes.factor as number) }),
    example: (b) => b.output("y", b.scale(b.scale(floatInput(b, "x", 3), { factor: 0.3 }), { factor: -7 })),
  },
  {
    title: "x + a + b → x + (a + b)",
    pattern: { op: "shift", inputs: { x: { op: "shift", inputs: { x: "x" }, as: "inner" } } },
    replacement: (b, { node, nodes, values }) => b.shift(values.x, { by: (node.attributes.by as number) + (nodes.inner.attributes.by as number) }),
    example: (b) => b.output("y", b.shift(b.shift(floatInput(b, "x", 3), { by: 0.3 }), { by: -7 })),
  },
];

const constants: readonly Rewrite[] = [
  {
    title: "x * constant → scale",
    pattern: [{ op: "multiply", inputs: { x: "x", y: "c" } }, { op: "multiply", inputs: { x: "c", y: "x" } }],
    condition: (match) => isConstant("c")(match) && fits(match, "x"),
    replacement: (b, match) => b.scale(match.values.x, { factor: fillOf(match, "c") }),
    example: (b) => b.output("y", b.multiply(b.constant({ shape: [3], value: 2.5 }), b.multiply(floatInput(b, "x", 3), b.constant({ shape: [], value: 3 })))),
  },
  {
    title: "x + constant → shift",
    pattern: [{ op: "add", inputs: { x: "x", y: "c" } }, { op: "add", inputs: { x: "c", y: "x" } }],
    condition: (match) => isConstant("c")(match) && fits(match, "x"),
    replacement: (b, match) => b.shift(match.values.x, { by: fillOf(match, "c") }),
    example: (b) => b.output("y", b.add(b.constant({ shape: [3], value: 2.5 }), b.add(floatInput(b, "x", 3), b.constant({ shape: [], value: 3 })))),
  },
  {
    title: "x - constant → shift",
    pattern: { op: "subtract", inputs: { x: "x", y: "c" } },
    condition: isConstant("c"),
    replacement: (b, match) => b.shift(match.values.x, { by: -fillOf(match, "c") }),
    example: (b) => b.output("y", b.subtract(floatInput(b, "x", 2, 3), b.constant({ shape: [3], value: 2.5 }))),
  },
  {
    // Only for powers of two, whose reciprocal is exact.
    title: "x / 2^n → scale",
    pattern: { op: "divide", inputs: { x: "x", y: "c" } },
    condition: (match) => isConstant("c")(match) && Number.isInteger(Math.log2(Math.abs(fillOf(match, "c")))),
    replacement: (b, match) => b.scale(match.values.x, { factor: 1 / fillOf(match, "c") }),
    example: (b) => b.output("y", b.divide(floatInput(b, "x", 2, 3), b.constant({ shape: [], value: -4 }))),
  },
];

const signs: readonly Rewrite[] = [
  {
    title: "x + (-y) → x - y",
    pattern: { op: "add", inputs: { x: "x", y: { op: "scale", inputs: { x: "y" }, as: "negative" } } },
    condition: ({ nodes }) => nodes.negative.attributes.factor === -1,
    replacement: (b, { values }) => b.subtract(values.x, values.y),
    example: (b) => b.output("z", b.add(floatInput(b, "x", 2, 3), b.scale(floatInput(b, "y", 3), { factor: -1 }))),
  },
  {
    title: "x - (-y) → x + y",
    pattern: { op: "subtract", inputs: { x: "x", y: { op: "scale", inputs: { x: "y" }, as: "negative" } } },
    condition: ({ nodes }) => nodes.negative.attributes.factor === -1,
    replacement: (b, { values }) => b.add(values.x, values.y),
    example: (b) => b.output("z", b.subtract(floatInput(b, "x", 2, 3), b.scale(floatInput(b, "y", 3), { factor: -1 }))),
  },
  {
    title: "x * x → square",
    pattern: { op: "multiply", inputs: { x: "x", y: "x" } },
    replacement: (b, { values }) => b.square(values.x),
    example: (b) => {
      const x = floatInput(b, "x", 3);
      b.output("y", b.multiply(x, x));
    },
  },
  {
    title: "dropout at rate 0 → x",
    pattern: { op: "dropout", inputs: { x: "x" } },
    condition: ({ node }) => node.attributes.rate === 0,
    replacement: (_, { values }) => values.x,
    example: (b) => b.output("y", b.dropout(floatInput(b, "x", 2, 3), b.input("random", { shape: [4], dtype: "int32" }), { rate: 0, site: 1 })),
  },
];

const shapes: readonly Rewrite[] = [
  {
    title: "change to the same shape → x",
    pattern: { op: ["reshape", "sum_to", "broadcast_to", "slice", "pad_slice"], inputs: { x: "x" } },
    condition: (match) => fits(match, "x"),
    replacement: (_, { values }) => values.x,
    example: (b) => b.output("y", b.slice(b.sum_to(b.reshape(floatInput(b, "x", 2, 3), { shape: [2, 3] }), { shape: [2, 3] }), { axis: 1, start: 0, size: 3 })),
  },
  {
    title: "transposition that moves no axis → x",
    pattern: { op: "transpose", inputs: { x: "x" } },
    condition: ({ node }) => (node.attributes.permutation as readonly number[]).every((axis, i) => axis === i),
    replacement: (_, { values }) => values.x,
    example: (b) => b.output("y", b.transpose(floatInput(b, "x", 2, 3), { permutation: [0, 1] })),
  },
  ...(["reshape", "sum_to", "broadcast_to"] as const).map((op): Rewrite => ({
    title: `${op} of ${op} → one`,
    pattern: { op, inputs: { x: { op, inputs: { x: "x" } } } },
    replacement: (b, { values, result }) => b[op](values.x, { shape: result.shape }),
    example: (b) => {
      const [first, second, third] = { reshape: [[2, 6], [3, 4], [12]], sum_to: [[2, 3, 4], [3, 4], [1, 4]], broadcast_to: [[1, 4], [3, 4], [2, 3, 4]] }[op];
      b.output("y", b[op](b[op](floatInput(b, "x", ...first), { shape: second }), { shape: third }));
    },
  })),
  {
    title: "transpose of transpose → one",
    pattern: { op: "transpose", inputs: { x: { op: "transpose", inputs: { x: "x" }, as: "inner" } } },
    replacement: (b, { node, nodes, values }) => {
      const inner = nodes.inner.attributes.permutation as readonly number[];
      return b.transpose(values.x, { permutation: (node.attributes.permutation as readonly number[]).map((axis) => inner[axis]) });
    },
    example: (b) => b.output("y", b.transpose(b.transpose(floatInput(b, "x", 2, 3, 4), { permutation: [1, 2, 0] }), { permutation: [0, 2, 1] })),
  },
  {
    title: "slice of slice → one",
    pattern: { op: "slice", inputs: { x: { op: "slice", inputs: { x: "x" }, as: "inner" } } },
    condition: ({ node, nodes }) => node.attributes.axis === nodes.inner.attributes.axis,
    replacement: (b, { node, nodes, values }) => {
      const { axis, start, size } = node.attributes as { axis: number; start: number; size: number };
      return b.slice(values.x, { axis, start: start + (nodes.inner.attributes.start as number), size });
    },
    example: (b) => b.output("y", b.slice(b.slice(floatInput(b, "x", 2, 6), { axis: 1, start: 1, size: 4 }), { axis: 1, start: 2, size: 2 })),
  },
  {
    title: "constant in another shape → constant",
    pattern: { op: ["reshape", "transpose", "broadcast_to", "slice"], inputs: { x: "c" } },
    condition: isConstant("c"),
    replacement: (b, match) => b.constant({ shape: match.result.shape, value: fillOf(match, "c") }),
    example: (b) => b.output("y", b.multiply(floatInput(b, "x", 3, 2), b.transpose(b.constant({ shape: [2, 3], value: 4 }), { permutation: [1, 0] }))),
  },
  {
    title: "operand repeated over leading axes → implied",
    pattern: { op: broadcasting, inputs: { x: "x", y: { op: "broadcast_to", inputs: { x: "y" } } } },
    condition: ({ values, info, result }) => {
      const { shape } = info(values.y);
      return sameInfo(info(values.x), result) && sameShape(shape, shape.length ? result.shape.slice(-shape.length) : []);
    },
    replacement: (b, { node, values }) => b.add_node(node.op, [values.x, values.y], node.attributes as Attributes)[0],
    example: (b) => b.output("z", b.divide(floatInput(b, "x", 2, 3), b.broadcast_to(floatInput(b, "y", 3), { shape: [2, 3] }))),
  },
];

export const algebra = defineFamily({
  word: "algebra",
  doc: "Identities of arithmetic and of changes of shape.",
  rows: [...scalars, ...constants, ...signs, ...shapes],
});
