// A small model on hand-made weights and inputs, in float64.

import { stackSize } from "../../compiler/sizes.ts";
import { countedHeads, type Architecture } from "../../compiler/architecture.ts";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { callModel } from "../../compiler/model-call.ts";
import { forward } from "../../compiler/phases/3-build.ts";
import { checkText } from "./compiling.ts";

/** The model `m` of a text, with the heads that count. Throws what `check` says. */
export function architectureOf(text: string): Architecture {
  const result = checkText(text);
  if (result.diagnostics.some(({ severity }) => severity === "error")) throw new Error(result.diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  const called = callModel("m()", result);
  if ("diagnostics" in called) throw new Error(called.diagnostics.map(({ message }) => message).join("\n"));
  return called.architecture;
}

/** Values of stacks (`decoder`) and of heads (`head:own`). Weights that are not given are zero; `values` are inputs of any kind by name. */
export function valuesOf(text: string, batch: number, length: number, values: Readonly<Record<string, readonly number[]>>, image?: { height: number; width: number }): Record<string, number[]> {
  const architecture = architectureOf(text);
  const heads = architecture.heads.length ? architecture.heads : countedHeads(architecture);
  const pass = forward(architecture, heads, { batch, size: (stack) => stackSize(stack, length, image), pack: values.documents !== undefined, padding: true, training: false });
  for (const stack of architecture.stacks) pass.b.output(stack.path, pass.stream(stack));
  for (const head of heads) pass.b.output(`head:${head.name}`, pass.head(head));
  const graph = pass.b.finish();
  const inputs = new Map(Object.entries(graph.inputs).map(([name, value]) => {
    const { shape, dtype } = graph.values[value];
    const given = values[name];
    if (given && given.length !== sizeOf(shape)) throw new Error(`${name} has ${given.length} values, shape [${shape.join(", ")}]`);
    const fallback = name.endsWith("positions") ? (i: number) => i % length : name.endsWith("real") ? () => 1 : () => 0;
    const list = given ?? Array.from({ length: sizeOf(shape) }, (_, i) => fallback(i));
    return [name, dtype === "int32" ? Int32Array.from(list) : Float64Array.from(list)] as const;
  }));
  for (const name of Object.keys(values)) if (!inputs.has(name)) throw new Error(`no input \`${name}\`; there are ${[...inputs.keys()].join(", ")}`);
  return Object.fromEntries([...evaluateGraph(graph, inputs)].map(([name, data]) => [name, Array.from(data)]));
}
