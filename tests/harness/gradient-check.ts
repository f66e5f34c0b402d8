// Gradients of an op against central finite differences of a random projection of its first output, in float64.

import { createBuilder, opOf } from "../../compiler/graph/builder.ts";
import { evaluateGraph, type OracleData } from "../../compiler/graph/evaluate.ts";
import { sizeOf, type Graph, type ValueId } from "../../compiler/graph/node.ts";
import type { OpDefinition } from "../../compiler/ops/define.ts";
import { largestError } from "./allclose.ts";
import { infosOf, normals, sampleData, type SampleInputs } from "./random.ts";

export interface GradientReport { readonly input: string; readonly error: number }

/** Error of the gradient of each float input that gets one. */
export function checkGradients(definition: OpDefinition, sample: { readonly inputs: SampleInputs; readonly attributes: unknown }, seed: number): GradientReport[] {
  const graph = gradientGraph(definition, sample);
  const data = new Map<string, OracleData>(Object.entries(sampleData(sample.inputs, seed)));
  const dy = normals(sizeOf(graph.values[graph.inputs.dy_of_first].shape), seed, "dy");
  const results = evaluateGraph(graph, new Map([...data, ["dy_of_first", dy]]));
  const project = (): number => {
    const first = evaluateGraph(graph, new Map([...data, ["dy_of_first", dy]])).get("first")!;
    let sum = 0;
    for (let i = 0; i < dy.length; i++) sum += first[i] * dy[i];
    return sum;
  };
  return Object.keys(graph.outputs).filter((name) => name !== "first").map((name) => {
    const x = data.get(name)!;
    const expected = Float64Array.from(x, (value, i) => {
      const step = 1e-5 * Math.max(1, Math.abs(value));
      x[i] = value + step;
      const above = project();
      x[i] = value - step;
      const below = project();
      x[i] = value;
      return (above - below) / (2 * step);
    });
    return { input: name, error: largestError(results.get(name)!, expected) };
  });
}

/** The op's node and its gradient; outputs: `first`, and each input's gradient by the input's name. */
function gradientGraph(definition: OpDefinition, { inputs, attributes }: { readonly inputs: SampleInputs; readonly attributes: unknown }): Graph {
  if (definition.gradient === "not differentiable") throw new Error(`${definition.name} is not differentiable`);
  const b = createBuilder();
  const infos = infosOf(inputs);
  const named: Record<string, ValueId> = {};
  for (const [name, info] of Object.entries(infos)) named[name] = b.input(name, info);
  const outputs = b.add_node(definition.name, definition.inputs.map((name) => named[name.replace("?", "")] ?? null), attributes as never);
  const dy = b.input("dy_of_first", b.info(outputs[0]));
  const gradients = opOf(definition.name).gradient as Exclude<OpDefinition["gradient"], string>;
  const results = gradients(b, { inputs: named, outputs, attributes: attributes as never }, [dy, ...outputs.slice(1).map(() => null)]);
  b.output("first", outputs[0]);
  for (const [name, value] of Object.entries(results)) {
    if (value === null) continue;
    if (named[name] === undefined) throw new Error(`${definition.name}: a gradient for \`${name}\`, which is absent`);
    if (String(b.info(value).shape) !== String(infos[name].shape)) throw new Error(`${definition.name}: gradient of ${name} is [${b.info(value).shape}], the input [${infos[name].shape}]`);
    b.output(name, value);
  }
  return b.finish();
}
