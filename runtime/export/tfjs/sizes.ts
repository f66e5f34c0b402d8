// One graph for every batch and length, from traces at several: numbers that differ between them are fitted as sums of products.
// B batch, T length.

import type { Literal, Reference, Trace, TracedAttribute, TracedNode, TracedType } from "./trace.ts";

/** constant + batch · B + length · T + both · B · T. */
export interface Size { readonly constant: number; readonly batch: number; readonly length: number; readonly both: number }
export type Extent = number | Size;

export interface SizedLiteral { readonly values: readonly Extent[]; readonly shape: readonly number[]; readonly dtype: "float32" | "int32" }
export interface SizedInfo { readonly shape: readonly Extent[]; readonly dtype: TracedType }
export type SizedNode = { readonly outputs: readonly SizedInfo[] } & (
  | { readonly kind: "input" | "weight"; readonly name: string }
  | { readonly kind: "constant"; readonly values: Float32Array | Int32Array }
  | { readonly kind: "literal"; readonly literal: SizedLiteral }
  | { readonly kind: "op"; readonly op: string; readonly operands: readonly (Reference | SizedLiteral)[]; readonly attributes: { readonly [name: string]: TracedAttribute } }
);
export interface SizedGraph { readonly nodes: readonly SizedNode[]; readonly outputs: ReadonlyMap<string, Reference> }

export interface Probe { readonly batch: number; readonly length: number }
export interface Free { readonly batch: boolean; readonly length: boolean }

/** Sizes to trace at: the first alone where nothing is free; the last only checks what the others say. Null: the longest is too short to tell lengths apart. */
export function probesOf({ batch, length }: Probe, free: Free, longest: number): readonly Probe[] | null {
  const lengths = free.length ? [[29, 31, 37], [11, 13, 17], [3, 5, 7]].find((triple) => triple[2] <= longest) : [length, length, length];
  if (!lengths) return null;
  const [b0, b1, b2] = free.batch ? [2, 3, 5] : [batch, batch, batch];
  const [t0, t1, t2] = lengths;
  if (!free.batch && !free.length) return [{ batch, length }];
  return [{ batch: b0, length: t0 }, { batch: b1, length: t0 }, { batch: b0, length: t1 }, { batch: b1, length: t1 }, { batch: b2, length: t2 }];
}

/** The graph that all traces are instances of; null where there is none: something depends on a size in another way. */
export function generalize(traces: readonly Trace[], probes: readonly Probe[]): SizedGraph | null {
  const [first] = traces;
  if (traces.some(({ nodes }) => nodes.length !== first.nodes.length)) return null;
  const fit = (values: readonly number[]): Extent | null => fitted(values, probes);
  const nodes: SizedNode[] = [];
  for (let i = 0; i < first.nodes.length; i++) {
    const node = merged(traces.map((trace) => trace.nodes[i]), fit);
    if (!node) return null;
    nodes.push(node);
  }
  return { nodes, outputs: first.outputs };
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

function fitted(values: readonly number[], probes: readonly Probe[]): Extent | null {
  const [v00, v10, v01, v11] = values;
  if (values.every((value) => value === v00)) return v00;
  const [p00, p10, p01] = probes;
  const batchStep = p10.batch - p00.batch;
  const lengthStep = p01.length - p00.length;
  const both = batchStep && lengthStep ? (v11 - v10 - v01 + v00) / (batchStep * lengthStep) : 0;
  const batch = batchStep ? (v10 - v00) / batchStep - both * p00.length : 0;
  const length = lengthStep ? (v01 - v00) / lengthStep - both * p00.batch : 0;
  const constant = v00 - batch * p00.batch - length * p00.length - both * p00.batch * p00.length;
  const size: Size = { constant, batch, length, both };
  return Object.values(size).every(Number.isInteger) && values.every((value, i) => value === sizeAt(size, probes[i])) ? size : null;
}

function sizeAt({ constant, batch, length, both }: Size, at: Probe): number {
  return constant + batch * at.batch + length * at.length + both * at.batch * at.length;
}
