// fuse: several nodes become one op that the backends have a kernel for.

import type { MatmulAttributes } from "../ops/matmul.ts";
import type { Graph, Node, Shape, ValueId, ValueInfo } from "../graph/node.ts";
import { sameInfo, sameShape } from "../graph/verify.ts";
import { compact } from "./_compact.ts";
import type { Match } from "./define.ts";
import { defineFamily, floatInput } from "./define.ts";
import { gated } from "./_gated.ts";
import { loss } from "./_loss.ts";

const isSwap = (permutation: unknown): boolean => sameShape(permutation as Shape, [1, 0]);
const transposeOf = (match: Match): unknown => match.nodes.transpose.attributes.permutation;

export const fuse = defineFamily({
  word: "fuse",
  doc: "Replaces several nodes by one op with a kernel of its own.",
  rows: [
    ...loss,
    {
      title: "matmul with transposed weight + bias → linear",
      pattern: { op: "add", inputs: { x: { op: "matmul", inputs: { x: "x", y: "weight" }, as: "matmul", single: true }, y: "bias" } },
      condition: ({ values, nodes, info }) => {
        const { transpose_x, transpose_y } = nodes.matmul.attributes;
        const weight = info(values.weight).shape;
        return transpose_x === false && transpose_y === true && weight.length === 2 && sameShape(info(values.bias).shape, [weight[0]]);
      },
      replacement: (b, { values }) => b.linear(values.x, values.weight, values.bias),
      example: (b) => {
        const product = b.matmul(floatInput(b, "x", 2, 4, 3), floatInput(b, "weight", 5, 3), { transpose_x: false, transpose_y: true });
        b.output("y", b.add(product, floatInput(b, "bias", 5)));
      },
    },
    {
      title: "linear without bias + bias → linear",
      pattern: { op: "add", inputs: { x: { op: "linear", inputs: { x: "x", weight: "weight", bias: null }, single: true }, y: "bias" } },
      condition: ({ values, info }) => sameShape(info(values.bias).shape, [info(values.weight).shape[0]]),
      replacement: (b, { values }) => b.linear(values.x, values.weight, values.bias),
      example: (b) => b.output("y", b.add(b.linear(floatInput(b, "x", 2, 3), floatInput(b, "weight", 5, 3), null), floatInput(b, "bias", 5))),
    },
    {
      title: "linear of transposed weight → matmul",
      pattern: { op: "linear", inputs: { x: "x", weight: { op: "transpose", inputs: { x: "weight" }, as: "transpose" }, bias: null } },
      condition: (match) => isSwap(transposeOf(match)),
      replacement: (b, { values }) => b.matmul(values.x, values.weight, { transpose_x: false, transpose_y: false }),
      example: (b) => b.output("y", b.linear(floatInput(b, "x", 2, 3), b.transpose(floatInput(b, "weight", 3, 5), { permutation: [1, 0] }), null)),
    },
    {
      title: "matmul of transposed y → matmul with the flag",
      pattern: { op: "matmul", inputs: { x: "x", y: { op: "transpose", inputs: { x: "y" }, as: "transpose" } } },
      condition: (match) => isSwap(transposeOf(match)),
      replacement: (b, { node, values }) => b.matmul(values.x, values.y, { transpose_x: node.attributes.transpose_x === true, transpose_y: node.attributes.transpose_y !== true }),
      example: (b) => b.output("z", b.matmul(floatInput(b, "x", 2, 3), b.transpose(floatInput(b, "y", 5, 3), { permutation: [1, 0] }), { transpose_x: false, transpose_y: false })),
    },
    {
      title: "matmul of transposed x → matmul with the flag",
      pattern: { op: "matmul", inputs: { x: { op: "transpose", inputs: { x: "x" }, as: "transpose" }, y: "y" } },
      condition: (match) => isSwap(transposeOf(match)),
      replacement: (b, { node, values }) => b.matmul(values.x, values.y, { transpose_x: node.attributes.transpose_x !== true, transpose_y: node.attributes.transpose_y === true }),
      example: (b) => b.output("z", b.matmul(b.transpose(floatInput(b, "x", 3, 2), { permutation: [1, 0] }), floatInput(b, "y", 3, 5), { transpose_x: false, transpose_y: false })),
    },
    {
      title: "x + linear → linear_add",
      pattern: [
        { op: "add", inputs: { x: "addend", y: { op: "linear", inputs: { x: "x", weight: "weight" }, as: "linear", single: true } } },
        { op: "add", inputs: { x: { op: "linear", inputs: { x: "x", weight: "weight" }, as: "linear", single: true }, y: "addend" } },
      ],
      condition: ({ values, nodes, info, result }) => sameInfo(info(values.addend), result) && sameInfo(info(nodes.linear.outputs[0]), result),
      replacement: (b, { values, nodes }) => b.linear_add(values.x, values.weight, values.addend, nodes.linear.inputs[2]),
      example: (b) => b.output("y", b.add(floatInput(b, "residual", 2, 5), b.linear(floatInput(b, "x", 2, 3), floatInput(b, "weight", 5, 3), floatInput(b, "bias", 5)))),
    },
    {
      title: "x + matmul → matmul_add",
      pattern: [
        { op: "add", inputs: { x: "addend", y: { op: "matmul", inputs: { x: "x", y: "y" }, as: "matmul", single: true } } },
        { op: "add", inputs: { x: { op: "matmul", inputs: { x: "x", y: "y" }, as: "matmul", single: true }, y: "addend" } },
      ],
      condition: ({ values, nodes, info, result }) => sameInfo(info(values.addend), result) && sameInfo(info(nodes.matmul.outputs[0]), result),
      replacement: (b, { values, nodes }) => b.matmul_add(values.x, values.y, values.addend, nodes.matmul.attributes as MatmulAttributes),
      example: (b) => b.output("z", b.add(b.matmul(floatInput(b, "x", 2, 3), floatInput(b, "y", 3, 5), { transpose_x: false, transpose_y: false }), floatInput(b, "addend", 2, 5))),
    },
    {
      title: "matmul * y → matmul_multiply",
      pattern: [
        { op: "multiply", inputs: { x: { op: "matmul", inputs: { x: "x", y: "y" }, as: "matmul", single: true }, y: "factor" } },
        { op: "multiply", inputs: { x: "factor", y: { op: "matmul", inputs: { x: "x", y: "y" }, as: "matmul", single: true } } },
      ],
      condition: ({ values, nodes, info, result }) => sameInfo(info(values.factor), result) && sameInfo(info(nodes.matmul.outputs[0]), result),
      replacement: (b, { values, nodes }) => b.matmul_multiply(values.x, values.y, values.factor, nodes.matmul.attributes as MatmulAttributes),
      example: (b) => b.output("z", b.multiply(b.matmul(floatInput(b, "x", 2, 3), floatInput(b, "y", 3, 5), { transpose_x: false, transpose_y: false }), floatInput(b, "factor", 2, 5))),
    },
    ...gated,
    {
      title: "activate and its gradient of linear → linear_activate with the slope kept",
      rewrite: keepSlopes,
      example: (b) => {
        const z = b.linear(floatInput(b, "x", 2, 3), floatInput(b, "weight", 5, 3), floatInput(b, "bias", 5));
        b.output("y", b.activate(z, { activation: "silu" }));
        b.output("dz", b.activate_gradient(z, floatInput(b, "dy", 2, 5), { activation: "silu" }));
      },
    },
    {
      title: "gradients of weight and bias → linear_gradient",
      rewrite: joinWeightGradients,
      example: (b) => {
        const dy = floatInput(b, "dy", 2, 4, 5);
        b.output("dweight", b.matmul(dy, floatInput(b, "x", 2, 4, 3), { transpose_x: true, transpose_y: false }));
        b.output("dbias", b.sum_to(dy, { shape: [5] }));
      },
    },
    {
      title: "adamw of gradient * scalar → its factor",
      rewrite: factorIntoAdamw,
      example: (b) => {
        const inputs = ["p", "g", "m", "v"].map((name) => floatInput(b, name, 2, 3));
        const [rate, step, factor] = ["rate", "step", "factor"].map((name) => floatInput(b, name));
        const positive = b.square(inputs[3]);
        const [p, m, v] = b.adamw(inputs[0], b.multiply(inputs[1], factor), inputs[2], positive, b.square(rate), b.shift(b.square(step), { by: 1 }), null, { beta1: 0.9, beta2: 0.99, eps: 1e-3, weight_decay: 0.1 });
        for (const [name, value] of Object.entries({ p, m, v })) b.output(`new:${name}`, value);
      },
    },
  ],
});

/** dyᵀ x, then the sum of dy's rows: one reading of dy. */
function joinWeightGradients(graph: Graph, fire: (scope: string) => void): Graph {
  const sums = new Map<ValueId, Node>();
  const positions = new Map(graph.nodes.map((node, i) => [node, i]));
  for (const node of graph.nodes) {
    if (node.op !== "sum_to") continue;
    const { shape } = graph.values[node.inputs[0]!];
    if (shape.length >= 2 && sameShape(graph.values[node.outputs[0]].shape, shape.slice(-1))) sums.set(node.inputs[0]!, node);
  }
  const gone = new Set<Node>();
  const nodes = graph.nodes.map((node) => {
    const sum = node.op === "matmul" && node.attributes.transpose_x === true && node.attributes.transpose_y === false ? sums.get(node.inputs[0]!) : undefined;
    if (!sum || gone.has(sum) || positions.get(sum)! < positions.get(node)!) return node;
    gone.add(sum);
    fire(node.scope);
    return { ...node, op: "linear_gradient", inputs: [node.inputs[1], node.inputs[0]], attributes: {}, outputs: [node.outputs[0], sum.outputs[0]] };
  });
  return gone.size === 0 ? graph : compact(graph, nodes.filter((node) => !gone.has(node)));
}

/** Clipping scales every gradient by one number: the update reads the gradient once if it does that itself. */
function factorIntoAdamw(graph: Graph, fire: (scope: string) => void): Graph {
  const producers = new Map<number, Node>();
  for (const node of graph.nodes) for (const value of node.outputs) producers.set(value, node);
  const isScalar = (value: number): boolean => graph.values[value].shape.length === 0;
  let changed = false;
  const nodes = graph.nodes.map((node) => {
    if (node.op !== "adamw" || node.inputs[6] !== null) return node;
    const product = producers.get(node.inputs[1]!);
    if (product?.op !== "multiply") return node;
    const [x, y] = product.inputs as readonly number[];
    if (!isScalar(y) || !sameInfo(graph.values[x], graph.values[node.inputs[1]!])) return node;
    changed = true;
    fire(node.scope);
    return { ...node, inputs: [node.inputs[0], x, ...node.inputs.slice(2, 6), y] };
  });
  return changed ? { ...graph, nodes } : graph;
}

/**
 * linear → z, activate(z) → y, activate_gradient(z, dy) → dz, and nothing else of z: y and the slope come from one op, and dz = dy · slope.
 * Only where the gradient exists: elsewhere the slope would be computed for nothing.
 */
function keepSlopes(graph: Graph, fire: (scope: string) => void): Graph {
  const users = new Map<ValueId, Node[]>();
  for (const node of graph.nodes) for (const value of node.inputs) if (value !== null) users.set(value, [...(users.get(value) ?? []), node]);
  const kept = new Set(Object.values(graph.outputs));
  const values: ValueInfo[] = [...graph.values];
  const replaced = new Map<Node, Node | null>();
  for (const linear of graph.nodes) {
    const [z] = linear.outputs;
    const both = linear.op === "linear" && !kept.has(z) ? (users.get(z) ?? []) : [];
    if (both.length !== 2) continue;
    const activate = both.find((node) => node.op === "activate");
    const gradient = both.find((node) => node.op === "activate_gradient");
    if (!activate || !gradient || gradient.inputs[1] === z || activate.attributes.activation !== gradient.attributes.activation) continue;
    const slope = values.push(graph.values[z]) - 1;
    replaced.set(linear, { ...linear, op: "linear_activate", attributes: activate.attributes, outputs: [activate.outputs[0], slope], scope: activate.scope });
    replaced.set(activate, null);
    replaced.set(gradient, { ...gradient, op: "multiply", inputs: [gradient.inputs[1], slope], attributes: {} });
    fire(activate.scope);
  }
  if (replaced.size === 0) return graph;
  return compact({ ...graph, values }, graph.nodes.flatMap((node) => {
    const by = replaced.get(node);
    return by === undefined ? [node] : by === null ? [] : [by];
  }));
}
