// Checks that a graph is well formed. A problem is a bug of the project: passes are wrapped in `assertValid`.

import { namedInputs, opOf } from "./builder.ts";
import type { Graph, Node, ValueId, ValueInfo } from "./node.ts";
import type { OpDefinition } from "../ops/define.ts";

/** Every problem as one line; empty for a valid graph. Inputs that nothing uses are fine. */
export function verify(graph: Graph): string[] {
  const problems: string[] = [];
  const { values, nodes } = graph;
  const defined = new Uint8Array(values.length);
  const define = (value: ValueId, by: string): void => {
    if (!isId(value, values.length)) problems.push(`${by}: %${value} is not a value of the graph`);
    else if (defined[value]) problems.push(`${by}: %${value} is defined twice`);
    else defined[value] = 1;
  };

  values.forEach((info, id) => {
    const good = info && Array.isArray(info.shape) && info.shape.every((n) => Number.isInteger(n) && n >= 0) && (info.dtype === "float32" || info.dtype === "int32");
    if (!good) problems.push(`%${id}: not a shape and type: ${JSON.stringify(info)}`);
  });
  if (problems.length) return problems;

  for (const [name, value] of Object.entries(graph.inputs)) define(value, `input \`${name}\``);
  nodes.forEach((node, index) => {
    const where = `node ${index} (${node.op}${node.scope ? `, ${node.scope}` : ""})`;
    for (const value of node.inputs) {
      if (value === null) continue;
      if (!isId(value, values.length)) problems.push(`${where}: input %${value} is not a value of the graph`);
      else if (!defined[value]) problems.push(`${where}: input %${value} is used before it is defined`);
    }
    for (const value of node.outputs) define(value, where);
    const problem = problemOfNode(node, values);
    if (problem) problems.push(`${where}: ${problem}`);
  });
  for (const [name, value] of Object.entries(graph.outputs)) {
    if (!isId(value, values.length) || !defined[value]) problems.push(`output \`${name}\`: %${value} is never defined`);
  }
  if (problems.length === 0) {
    defined.forEach((is, id) => {
      if (!is) problems.push(`%${id} is never defined`);
    });
  }
  return problems;
}

/** Throws with all problems; `pass` says after which pass they were found. */
export function assertValid(graph: Graph, pass: string): Graph {
  const problems = verify(graph);
  if (problems.length === 0) return graph;
  const more = problems.length > 10 ? `\n  … and ${problems.length - 10} more` : "";
  throw new Error(`the graph is not valid after ${pass}:\n  ${problems.slice(0, 10).join("\n  ")}${more}`);
}

function problemOfNode(node: Node, values: readonly ValueInfo[]): string | null {
  let definition: OpDefinition;
  try {
    definition = opOf(node.op);
  } catch {
    return "no such op";
  }
  const keys = definition.inputs;
  if (node.inputs.length !== keys.length) return `has ${node.inputs.length} inputs, the op takes ${keys.length}`;
  const infos: (ValueInfo | null)[] = [];
  for (let i = 0; i < keys.length; i++) {
    const value = node.inputs[i];
    if (value === null && !keys[i].endsWith("?")) return `input \`${keys[i]}\` is missing`;
    if (value !== null && !isId(value, values.length)) return null;
    infos.push(value === null ? null : values[value]);
  }
  let inferred: readonly ValueInfo[];
  try {
    inferred = definition.infer(namedInputs(definition, infos) as never, node.attributes as never);
  } catch (error) {
    return `the op refuses its inputs: ${(error as Error).message}`;
  }
  if (inferred.length !== node.outputs.length) return `has ${node.outputs.length} outputs, the op gives ${inferred.length}`;
  for (let i = 0; i < inferred.length; i++) {
    const actual = values[node.outputs[i]];
    if (actual && !sameInfo(actual, inferred[i])) return `output %${node.outputs[i]} is ${describeInfo(actual)}, the op gives ${describeInfo(inferred[i])}`;
  }
  return null;
}

export function sameInfo(a: ValueInfo, b: ValueInfo): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** `f32[16,128]`, `i32[]`. */
export function describeInfo(info: ValueInfo): string {
  return `${info.dtype === "float32" ? "f32" : "i32"}[${info.shape.join(",")}]`;
}

function isId(value: unknown, count: number): value is ValueId {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < count;
}
