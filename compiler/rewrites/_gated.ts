// Rows for gated mlps: both products of x in one op that keeps what the backward pass multiplies by, and one product for both gradients.

import type { Graph, Node, ValueId, ValueInfo } from "../graph/node.ts";
import { sameInfo } from "../graph/verify.ts";
import { compact } from "./_compact.ts";
import type { Rewrite } from "./define.ts";
import { floatInput } from "./define.ts";

export const gated: readonly Rewrite[] = [
  {
    title: "activate(linear) * linear of the same x and its gradients → linear_gated with both slopes kept",
    rewrite: keepBothSlopes,
    example: (b) => {
      const x = floatInput(b, "x", 2, 3);
      const gate = b.linear(x, floatInput(b, "gate", 5, 3), floatInput(b, "gate_bias", 5));
      const up = b.linear(x, floatInput(b, "up", 5, 3), null);
      const active = b.activate(gate, { activation: "silu" });
      const dy = floatInput(b, "dy", 2, 5);
      b.output("y", b.multiply(active, up));
      b.output("dup", b.multiply(dy, active));
      b.output("dgate", b.activate_gradient(gate, b.multiply(dy, up), { activation: "silu" }));
    },
  },
  {
    title: "matmul * y and matmul * z → matmul_multiply_twice",
    rewrite: multiplyTwice,
    example: (b) => {
      const product = b.matmul(floatInput(b, "x", 2, 3), floatInput(b, "y", 3, 5), { transpose_x: false, transpose_y: false });
      b.output("first", b.multiply(product, floatInput(b, "factor", 2, 5)));
      b.output("second", b.multiply(floatInput(b, "other", 2, 5), product));
    },
  },
];

interface Uses { readonly of: (value: ValueId) => readonly Node[]; readonly maker: (value: ValueId | null) => Node | undefined }

/** Users of values, an output of the graph counting as one that is no node of it. */
function usesOf(graph: Graph): Uses {
  const users = new Map<ValueId, Node[]>();
  const makers = new Map<ValueId, Node>();
  const outside = {} as Node;
  const note = (value: ValueId, node: Node): void => void (users.get(value)?.push(node) ?? users.set(value, [node]));
  for (const node of graph.nodes) {
    for (const value of node.inputs) if (value !== null) note(value, node);
    for (const value of node.outputs) makers.set(value, node);
  }
  for (const value of Object.values(graph.outputs)) note(value, outside);
  return { of: (value) => users.get(value) ?? [], maker: (value) => (value === null ? undefined : makers.get(value)) };
}

/** The node that makes the other input of a product with `value`. */
const otherOf = (product: Node, value: ValueId): ValueId => product.inputs[product.inputs[0] === value ? 1 : 0]!;

/**
 * linear → g, linear → u, f(g) · u → y; dy · u → df, f'(g) df → dg, dy · f(g) → du, and nothing else of g, u, f(g) and df:
 * one op makes y and both slopes, and dg and du are dy times these. Only where the gradients exist: elsewhere slopes would be computed for nothing.
 */
function keepBothSlopes(graph: Graph, fire: (scope: string) => void): Graph {
  const uses = usesOf(graph);
  const positions = new Map(graph.nodes.map((node, i) => [node, i]));
  const values: ValueInfo[] = [...graph.values];
  const replaced = new Map<Node, Node | null>();
  for (const y of graph.nodes) {
    if (y.op !== "multiply") continue;
    const activate = y.inputs.map(uses.maker).find((node) => node?.op === "activate");
    if (!activate) continue;
    const [active] = activate.outputs;
    const [gate, up] = [uses.maker(activate.inputs[0]), uses.maker(otherOf(y, active))];
    if (gate?.op !== "linear" || up?.op !== "linear" || gate === up || gate.inputs[0] !== up.inputs[0]) continue;
    const info = graph.values[y.outputs[0]];
    if (![gate, up].every(({ outputs: [z] }) => sameInfo(graph.values[z], info))) continue;
    const dgate = onlyOther(uses.of(gate.outputs[0]), activate, "activate_gradient");
    const dactive = onlyOther(uses.of(up.outputs[0]), y, "multiply");
    const dup = onlyOther(uses.of(active), y, "multiply");
    if (!dgate || !dactive || !dup || dgate.attributes.activation !== activate.attributes.activation) continue;
    const dy = otherOf(dup, active);
    if (otherOf(dactive, up.outputs[0]) !== dy || dgate.inputs[1] !== dactive.outputs[0] || uses.of(dactive.outputs[0]).length !== 1 || !sameInfo(graph.values[dy], info)) continue;
    if ([dup, dgate].some((node) => positions.get(node)! < positions.get(y)!)) continue;
    const slope = values.push(info) - 1;
    for (const node of [gate, up, activate, dactive]) replaced.set(node, null);
    replaced.set(y, { ...y, op: "linear_gated", attributes: activate.attributes, inputs: [gate.inputs[0], gate.inputs[1], up.inputs[1], gate.inputs[2], up.inputs[2]], outputs: [y.outputs[0], slope, active] });
    replaced.set(dgate, { ...dgate, op: "multiply", inputs: [dy, slope], attributes: {} });
    fire(y.scope);
  }
  return replaced.size === 0 ? graph : compact({ ...graph, values }, replacing(graph.nodes, replaced));
}

/** Of two users, the one that is not `known`, if it is of this op. */
function onlyOther(users: readonly Node[], known: Node, op: string): Node | null {
  const [other] = users.filter((node) => node !== known);
  return users.length === 2 && other?.op === op ? other : null;
}

/** A product that is used twice, each time multiplied by as large a value that is there before the first of the two. */
function multiplyTwice(graph: Graph, fire: (scope: string) => void): Graph {
  const uses = usesOf(graph);
  const positions = new Map(graph.nodes.map((node, i) => [node, i]));
  const replaced = new Map<Node, Node | null>();
  for (const product of graph.nodes) {
    const [z] = product.outputs;
    const both = product.op === "matmul" ? uses.of(z) : [];
    if (both.length !== 2 || both[0] === both[1] || !both.every(({ op }) => op === "multiply")) continue;
    if (both.some((node) => replaced.has(node))) continue;
    const factors = both.map((node) => otherOf(node, z));
    const first = positions.get(both[0])!;
    if (!factors.every((factor) => factor !== z && sameInfo(graph.values[factor], graph.values[z]) && (positions.get(uses.maker(factor)!) ?? -1) < first)) continue;
    replaced.set(product, null);
    replaced.set(both[0], { ...product, op: "matmul_multiply_twice", inputs: [product.inputs[0], product.inputs[1], ...factors], outputs: both.map(({ outputs }) => outputs[0]) });
    replaced.set(both[1], null);
    fire(product.scope);
  }
  return replaced.size === 0 ? graph : compact(graph, replacing(graph.nodes, replaced));
}

function replacing(nodes: readonly Node[], by: ReadonlyMap<Node, Node | null>): Node[] {
  return nodes.flatMap((node) => {
    const made = by.get(node);
    return made === undefined ? [node] : made === null ? [] : [made];
  });
}
