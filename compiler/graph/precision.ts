// The precision of a finished graph's matrix products, gradients included: DESIGN.md, "Numbers and randomness".

import { opOf } from "./builder.ts";
import type { Graph } from "./node.ts";

/** `bf16` is written into the attributes of every node whose op has products; `f32` leaves the graph as it is. */
export function withPrecision(graph: Graph, precision: string): Graph {
  if (precision !== "bf16") return graph;
  return { ...graph, nodes: graph.nodes.map((node) => (opOf(node.op).products ? { ...node, attributes: { ...node.attributes, precision } } : node)) };
}
