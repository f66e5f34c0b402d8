// One graph for every batch and length, from traces at several: numbers that differ between them are fitted as sums of products of sizes.

import type { Literal, Reference, Trace, TracedAttribute, TracedNode, TracedType } from "./trace.ts";

/** A size that a call may choose, such as the batch, and the values that it is traced at: two to fit by, one to check by. */
export interface Axis { readonly name: string; readonly probes: readonly [number, number, number] }
/** A size for each axis. */
export type Probe = readonly number[];

/** Coefficients of the products of axes: that of the axes i in a set stands at the sum of their 2^i. */
export type Size = readonly number[];
export type Extent = number | Size;

export interface SizedLiteral { readonly values: readonly Extent[]; readonly shape: readonly number[]; readonly dtype: "float32" | "int32" }
export interface SizedInfo { readonly shape: readonly Extent[]; readonly dtype: TracedType }
export type SizedNode = { readonly outputs: readonly SizedInfo[] } & (
  | { readonly kind: "input" | "weight"; readonly name: string }
  | { readonly kind: "constant"; readonly values: Float32Array | Int32Array }
  | { readonly kind: "literal"; readonly literal: SizedLiteral }
  | { readonly kind: "op"; readonly op: string; readonly operands: readonly (Reference | SizedLiteral)[]; readonly attributes: { readonly [name: string]: TracedAttribute } }
);
export interface SizedGraph { /** Names of the axes. */ readonly axes: readonly string[]; readonly nodes: readonly SizedNode[]; readonly outputs: ReadonlyMap<string, Reference> }

/** Where to trace: every corner of the first two values (axis i at its second where bit i is set), then the third of each, which only checks. */
export function probesOf(axes: readonly Axis[]): Probe[] {
  const corners = Array.from({ length: 2 ** axes.length }, (_, corner) => axes.map(({ probes }, i) => probes[(corner >> i) & 1]));
  return axes.length ? [...corners, axes.map(({ probes }) => probes[2])] : corners;
}

/** The graph that all traces are instances of; null where there is none: something depends on a size in another way. */
export function generalize(traces: readonly Trace[], axes: readonly Axis[]): SizedGraph | null {
  const [first] = traces;
  if (traces.some(({ nodes }) => nodes.length !== first.nodes.length)) return null;
  const probes = probesOf(axes);
  const fit = (values: readonly number[]): Extent | null => fitted(values, axes, probes);
  const nodes: SizedNode[] = [];
  for (let i = 0; i < first.nodes.length; i++) {
    const node = merged(traces.map((trace) => trace.nodes[i]), fit);
    if (!node) return null;
    nodes.push(node);
  }
  return { axes: axes.map(({ name }) => name), nodes, outputs: first.outputs };
}

type Fit = (values: readonly number[]) => Extent | null;

function merged(nodes: readonly TracedNode[], fit: Fit): SizedNode | null {
  const [first] = nodes;
  if (nodes.some(({ kind, outputs }) => kind !== first.kind || outputs.length !== first.outputs.length || outputs.some(({ shape, dtype }, i) => dtype !== first.outputs[i].dtype || shape.length !== first.outputs[i].shape.length))) return null;
  const outputs: SizedInfo[] = [];
  for (const [k, { dtype }] of first.outputs.entries()) {
    const shape = fittedList(nodes.map((node) => node.outputs[k].shape), fit);
    if (!shape) return null;
    outputs.push({ shape, dtype });
  }
  switch (first.kind) {
    case "input":
    case "weight":
      return { kind: first.kind, name: first.name, outputs };
    case "constant":
      return mergedConstant(nodes.map((node) => (node as typeof first).values), outputs, fit);
    case "op": {
      const alike = nodes as readonly (typeof first)[];
      if (alike.some(({ op, attributes, operands }) => op !== first.op || operands.length !== first.operands.length || JSON.stringify(attributes) !== JSON.stringify(first.attributes))) return null;
      const operands = first.operands.map((_, k) => mergedOperand(alike.map((node) => node.operands[k]), fit));
      return operands.every((operand) => operand !== null) ? { kind: "op", op: first.op, operands, attributes: first.attributes, outputs } : null;
    }
  }
}

function mergedOperand(operands: readonly (Reference | Literal)[], fit: Fit): Reference | SizedLiteral | null {
  const [first] = operands;
  if ("node" in first) return operands.every((other) => "node" in other && other.node === first.node && other.output === first.output) ? first : null;
  const literals = operands as readonly Literal[];
  if (literals.some(({ shape }) => shape.join() !== first.shape.join())) return null;
  const values = fittedList(literals.map((literal) => literal.values), fit);
  return values && { values, shape: first.shape, dtype: first.dtype };
}

/** The same data at all sizes; a number or list that follows the sizes; or one number over a shape that does. */
function mergedConstant(data: readonly (Float32Array | Int32Array)[], [info]: readonly SizedInfo[], fit: Fit): SizedNode | null {
  const [first] = data;
  const dtype = info.dtype === "float32" ? "float32" : "int32";
  if (info.shape.every((n) => typeof n === "number")) {
    if (data.every((values) => values.every((value, i) => Object.is(value, first[i])))) return { kind: "constant", values: first, outputs: [info] };
    const values = first.length <= 16 && info.dtype !== "bool" ? fittedList(data.map((each) => [...each]), fit) : null;
    return values && { kind: "literal", literal: { values, shape: info.shape as number[], dtype }, outputs: [info] };
  }
  const [value] = first;
  if (info.dtype === "bool" || !data.every((values) => values.every((other) => other === value))) return null;
  const operands: SizedLiteral[] = [{ values: info.shape, shape: [info.shape.length], dtype: "int32" }, { values: [value], shape: [], dtype }];
  return { kind: "op", op: "Fill", operands, attributes: {}, outputs: [info] };
}

function fittedList(lists: readonly (readonly number[])[], fit: Fit): Extent[] | null {
  if (lists.some((list) => list.length !== lists[0].length)) return null;
  const found = lists[0].map((_, i) => fit(lists.map((list) => list[i])));
  return found.every((extent) => extent !== null) ? found : null;
}

/** The multilinear function through the corners, if its coefficients are whole and the last probe agrees. */
function fitted(values: readonly number[], axes: readonly Axis[], probes: readonly Probe[]): Extent | null {
  if (values.every((value) => value === values[0])) return values[0];
  const size = values.slice(0, 2 ** axes.length);
  // One axis after the other: f(x) = f(low) + slope · (x − low).
  axes.forEach(({ probes: [low, high] }, i) => {
    for (let corner = 0; corner < size.length; corner++) {
      if ((corner >> i) & 1) continue;
      const slope = (size[corner | (1 << i)] - size[corner]) / (high - low);
      size[corner | (1 << i)] = slope;
      size[corner] -= slope * low;
    }
  });
  return size.every(Number.isInteger) && values.every((value, i) => value === sizeAt(size, probes[i])) ? size : null;
}

function sizeAt(size: Size, probe: Probe): number {
  return size.reduce((sum, coefficient, set) => sum + coefficient * probe.reduce((product, n, i) => ((set >> i) & 1 ? product * n : product), 1), 0);
}
