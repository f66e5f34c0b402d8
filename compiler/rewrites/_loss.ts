// Rows of `fuse` for the end of a model: logits that exist only for a few rows at a time, forward and backward.

import type { Graph, Node, ValueId } from "../graph/node.ts";
import { compact } from "./_compact.ts";
import type { Rewrite } from "./define.ts";
import { floatInput } from "./define.ts";
import type { Builder } from "../graph/builder-types.ts";

const ends = (b: Builder) => [b.input("targets", { shape: [2], dtype: "int32" }), floatInput(b, "weights", 2)] as const;

export const loss: readonly Rewrite[] = [
  {
    title: "cross_entropy of linear → linear_cross_entropy",
    rewrite: joinLinear,
    example: (b) => {
      const [targets, weights] = ends(b);
      b.output("loss", b.cross_entropy(b.linear(floatInput(b, "x", 2, 3), floatInput(b, "weight", 5, 3), floatInput(b, "bias", 5)), targets, weights)[0]);
    },
  },
  {
    title: "loss and its gradient → one pass over the logits",
    rewrite: joinGradient,
    example: (b) => {
      const [targets, weights] = ends(b);
      const [x, weight, count] = [floatInput(b, "x", 2, 3), floatInput(b, "weight", 5, 3), floatInput(b, "count")];
      const sum = b.linear_cross_entropy(x, weight, targets, weights, null);
      b.output("loss", b.multiply(sum, count));
      b.output("dx", b.linear_cross_entropy_gradient(x, weight, targets, weights, b.square(count), null, {})[1]);
    },
  },
  {
    title: "gradient of a frozen weight left out of the loss's",
    rewrite: leaveFrozen,
    example: (b) => {
      const [targets, weights] = ends(b);
      b.output("dx", b.linear_cross_entropy_gradient(floatInput(b, "x", 2, 3), floatInput(b, "weight", 5, 3), targets, weights, floatInput(b, "count"), null, {})[1]);
    },
  },
];

/** Where nothing uses it. */
function leaveFrozen(graph: Graph, fire: (scope: string) => void): Graph {
  const used = new Set<ValueId | null>([...Object.values(graph.outputs), ...graph.nodes.flatMap((node) => node.inputs)]);
  const values = [...graph.values];
  const nodes = graph.nodes.map((node) => {
    const [, , dweight] = node.outputs;
    if (node.op !== "linear_cross_entropy_gradient" || node.attributes.frozen || used.has(dweight)) return node;
    values[dweight] = { ...values[dweight], shape: [0, values[dweight].shape[1]] };
    fire(node.scope);
    return { ...node, attributes: { ...node.attributes, frozen: true } };
  });
  return { ...graph, values, nodes };
}

/** Where nothing else uses the logits or their log-sum-exp. */
function joinLinear(graph: Graph, fire: (scope: string) => void): Graph {
  const uses = new Map<ValueId, number>();
  const use = (value: ValueId | null): void => void (value !== null && uses.set(value, (uses.get(value) ?? 0) + 1));
  for (const node of graph.nodes) node.inputs.forEach(use);
  Object.values(graph.outputs).forEach(use);
  const linears = new Map(graph.nodes.filter(({ op }) => op === "linear").map((node) => [node.outputs[0], node]));
  const gone = new Set<Node>();
  const nodes = graph.nodes.map((node) => {
    const linear = node.op === "cross_entropy" ? linears.get(node.inputs[0]!) : undefined;
    if (!linear || uses.get(linear.outputs[0]) !== 1 || uses.has(node.outputs[1])) return node;
    gone.add(linear);
    fire(node.scope);
    const [x, weight, bias] = linear.inputs;
    return { ...node, op: "linear_cross_entropy", inputs: [x, weight, ...node.inputs.slice(1), bias], outputs: [node.outputs[0]], scope: linear.scope };
  });
  return gone.size === 0 ? graph : compact(graph, nodes.filter((node) => !gone.has(node)));
}

/** Where the gradient does not depend on the loss itself. */
function joinGradient(graph: Graph, fire: (scope: string) => void): Graph {
  const keyOf = ({ inputs }: Node, bias: number): string => [...inputs.slice(0, 4), inputs[bias]].join(",");
  const gradients = new Map(graph.nodes.filter(({ op }) => op === "linear_cross_entropy_gradient").map((node) => [keyOf(node, 5), node]));
  if (gradients.size === 0) return graph;
  const producers = new Map<ValueId, Node>();
  for (const node of graph.nodes) for (const value of node.outputs) producers.set(value, node);
  const renamed = new Map<ValueId, ValueId>();
  const gone = new Set<Node>();
  for (const node of graph.nodes) {
    const gradient = node.op === "linear_cross_entropy" ? gradients.get(keyOf(node, 4)) : undefined;
    if (!gradient || dependsOn(gradient, node, producers)) continue;
    renamed.set(node.outputs[0], gradient.outputs[0]);
    gone.add(node);
    fire(node.scope);
  }
  if (gone.size === 0) return graph;
  const rename = (value: ValueId): ValueId => renamed.get(value) ?? value;
  const nodes = graph.nodes.filter((node) => !gone.has(node)).map((node) => ({ ...node, inputs: node.inputs.map((value) => (value === null ? null : rename(value))) }));
  const outputs = Object.fromEntries(Object.entries(graph.outputs).map(([name, value]) => [name, rename(value)]));
  return compact({ ...graph, outputs }, inOrder(nodes));
}

function dependsOn(node: Node, other: Node, producers: ReadonlyMap<ValueId, Node>): boolean {
  const seen = new Set<Node>([node]);
  for (const found of seen) {
    if (found === other) return true;
    for (const value of found.inputs) {
      const made = value === null ? undefined : producers.get(value);
      if (made) seen.add(made);
    }
  }
  return false;
}

/** The nodes in their order, but each after what it needs. */
function inOrder(nodes: readonly Node[]): Node[] {
  const producers = new Map<ValueId, Node>();
  for (const node of nodes) for (const value of node.outputs) producers.set(value, node);
  const placed = new Set<Node>();
  for (const node of nodes) {
    const waiting = [node];
    while (waiting.length) {
      const next = waiting.at(-1)!;
      const missing = next.inputs.map((value) => (value === null ? undefined : producers.get(value))).find((made) => made && !placed.has(made));
      if (missing) waiting.push(missing);
      else {
        placed.add(next);
        waiting.pop();
      }
    }
  }
  return [...placed];
}
