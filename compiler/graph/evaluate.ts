// Runs a graph in float64 with the ops' own `evaluate`: the oracle of gradient checks, rewrites and constant folding.

import { namedInputs, opOf } from "./builder.ts";
import { lastUses } from "./liveness.ts";
import type { Graph, Node, ValueInfo } from "./node.ts";
import { sizeOf } from "./node.ts";
import type { Data } from "../ops/define.ts";

export type OracleData = Float64Array | Int32Array;

/** Values of the graph's outputs by name. Throws when an input is missing, of another size or of another type. */
export function evaluateGraph(graph: Graph, inputs: ReadonlyMap<string, OracleData>): Map<string, OracleData> {
  const data: (OracleData | null)[] = new Array(graph.values.length).fill(null);
  for (const [name, value] of Object.entries(graph.inputs)) {
    const given = inputs.get(name);
    const { shape, dtype } = graph.values[value];
    if (!given) throw new Error(`input \`${name}\` is missing`);
    if (given.length !== sizeOf(shape)) throw new Error(`input \`${name}\` has ${given.length} elements, shape [${shape.join(",")}] has ${sizeOf(shape)}`);
    if (given instanceof Int32Array !== (dtype === "int32")) throw new Error(`input \`${name}\` is not ${dtype}`);
    data[value] = given;
  }
  const free = lastUses(graph);
  graph.nodes.forEach((node, i) => {
    const outputs = evaluateNode(node, graph.values, node.inputs.map((value) => (value === null ? null : data[value])));
    node.outputs.forEach((value, k) => (data[value] = outputs[k]));
    for (const value of free[i]) data[value] = null;
  });
  return new Map(Object.entries(graph.outputs).map(([name, value]) => [name, data[value] as OracleData]));
}

/** Outputs of one node from the data of its inputs, in float64 and int32. */
export function evaluateNode(node: Pick<Node, "op" | "inputs" | "outputs" | "attributes">, values: readonly ValueInfo[], inputs: readonly (Data | null)[]): OracleData[] {
  const definition = opOf(node.op);
  const infos = node.outputs.map((value) => values[value]);
  const outputs = infos.map((info) => (info.dtype === "int32" ? new Int32Array(sizeOf(info.shape)) : new Float64Array(sizeOf(info.shape))));
  const shapes = {
    inputs: namedInputs(definition, node.inputs.map((value) => (value === null ? null : values[value].shape))),
    outputs: infos.map((info) => info.shape),
  };
  definition.evaluate(namedInputs(definition, inputs) as never, outputs, node.attributes as never, shapes as never);
  return outputs;
}
