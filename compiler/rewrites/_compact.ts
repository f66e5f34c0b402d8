// Numbers the values of a graph without gaps.

import type { Graph, Node, ValueId, ValueInfo } from "../graph/node.ts";

/** The graph with only these nodes, its values in order: inputs first, then by node. What the nodes use must be made by them. */
export function compact(graph: Graph, nodes: readonly Node[]): Graph {
  const values: ValueInfo[] = [];
  const renamed = new Int32Array(graph.values.length).fill(-1);
  const keep = (value: ValueId): ValueId => (renamed[value] = values.push(graph.values[value]) - 1);
  const mapValues = (named: Graph["inputs"], rename: (value: ValueId) => ValueId): Record<string, ValueId> =>
    Object.fromEntries(Object.entries(named).map(([name, value]) => [name, rename(value)]));

  const inputs = mapValues(graph.inputs, keep);
  const kept = nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((value) => (value === null ? null : renamed[value])),
    outputs: node.outputs.map(keep),
  }));
  return { values, nodes: kept, inputs, outputs: mapValues(graph.outputs, (value) => renamed[value]) };
}
