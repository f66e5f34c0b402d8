// A traced graph as a TensorFlow.js GraphModel: NodeDefs, a signature, and the list of weights.

import type { Extent, SizedGraph, SizedInfo, SizedLiteral, SizedNode } from "./sizes.ts";
import type { Reference, TracedAttribute, TracedType } from "./trace.ts";

export interface GraphWeight { readonly name: string; readonly shape: readonly number[]; readonly dtype: TracedType; /** Our weight's name, or the data itself. */ readonly data: string | Float32Array | Int32Array }

export interface Placed { readonly name: string; readonly dtype: TracedType; /** Null where any size fits. */ readonly shape: readonly (number | null)[] }

export interface GraphModel {
  readonly topology: { readonly node: readonly NodeDef[]; readonly library: object; readonly versions: object };
  readonly signature: object;
  readonly weights: readonly GraphWeight[];
  readonly inputs: readonly Placed[];
  readonly outputs: readonly Placed[];
}

type Attribute = { readonly type: string } | { readonly b: boolean } | { readonly i: string } | { readonly shape: object } | { readonly tensor: object };
interface NodeDef { readonly name: string; readonly op: string; readonly input?: readonly string[]; readonly attr: { readonly [name: string]: Attribute } }

interface Writer {
  readonly graph: SizedGraph;
  readonly nodes: NodeDef[];
  readonly weights: GraphWeight[];
  /** Names of nodes by what they compute: what is computed twice in the trace is computed once in the model. */
  readonly known: Map<string, string>;
}

const typeNames: Readonly<Record<TracedType, string>> = { float32: "DT_FLOAT", int32: "DT_INT32", bool: "DT_BOOL" };
const type = (dtype: TracedType): Attribute => ({ type: typeNames[dtype] });

export function graphModel(graph: SizedGraph): GraphModel {
  const writer: Writer = { graph, nodes: [], weights: [], known: new Map() };
  const needed = neededNodes(graph);
  const names = new Map<number, string>();
  const referenceName = ({ node, output }: Reference): string => (output === 0 ? names.get(node)! : `${names.get(node)}:${output}`);
  // Inputs first: sizes are read off them.
  const order = [...graph.nodes.keys()].filter((i) => needed.has(i));
  for (const i of [...order.filter((at) => graph.nodes[at].kind === "input"), ...order.filter((at) => graph.nodes[at].kind !== "input")]) {
    names.set(i, writeNode(graph.nodes[i], referenceName, writer));
  }
  const outputs = [...graph.outputs].map(([name, reference]): Placed => {
    const info = graph.nodes[reference.node].outputs[reference.output];
    writer.nodes.push({ name, op: "Identity", input: [referenceName(reference)], attr: { T: type(info.dtype) } });
    return { name, ...placed(info) };
  });
  const inputs = order.flatMap((i): Placed[] => {
    const node = graph.nodes[i];
    return node.kind === "input" ? [{ name: node.name, ...placed(node.outputs[0]) }] : [];
  });
  const signed = (all: readonly Placed[]): object => Object.fromEntries(all.map(({ name, dtype, shape }) => [name, { name: `${name}:0`, dtype: typeNames[dtype], tensorShape: shapeText(shape) }]));
  return { topology: { node: writer.nodes, library: {}, versions: { producer: 1395 } }, signature: { inputs: signed(inputs), outputs: signed(outputs) }, weights: writer.weights, inputs, outputs };
}

function placed({ shape, dtype }: SizedInfo): Omit<Placed, "name"> {
  return { dtype, shape: shape.map((n) => (typeof n === "number" ? n : null)) };
}

function shapeText(shape: readonly (number | null)[]): { dim: { size: string }[] } {
  return { dim: shape.map((n) => ({ size: String(n ?? -1) })) };
}

/** What the outputs are computed from. */
function neededNodes({ nodes, outputs }: SizedGraph): Set<number> {
  const needed = new Set([...outputs.values()].map(({ node }) => node));
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (needed.has(i) && node.kind === "op") for (const operand of node.operands) if ("node" in operand) needed.add(operand.node);
  }
  return needed;
}

function writeNode(node: SizedNode, nameOf: (reference: Reference) => string, writer: Writer): string {
  switch (node.kind) {
    case "input": {
      const { dtype, shape } = placed(node.outputs[0]);
      writer.nodes.push({ name: node.name, op: "Placeholder", attr: { dtype: type(dtype), shape: { shape: shapeText(shape) } } });
      return node.name;
    }
    case "weight":
      return writeConstant({ name: node.name, shape: node.outputs[0].shape as number[], dtype: "float32", data: node.name }, `weight ${node.name}`, writer);
    case "constant":
      return writeData(node.values, node.outputs[0].shape as number[], node.outputs[0].dtype, writer);
    case "literal":
      return writeLiteral(node.literal, writer);
    case "op": {
      const operands = node.operands.map((operand) => ("node" in operand ? nameOf(operand) : writeLiteral(operand, writer, node.op === "Reshape")));
      const first = node.operands[0];
      const T = first && "node" in first ? writer.graph.nodes[first.node].outputs[first.output].dtype : node.outputs[0].dtype;
      return writeOp(node.op, operands, { T: type(T), ...Object.fromEntries(Object.entries(node.attributes).map(([name, value]) => [name, attribute(value)])) }, writer);
    }
  }
}

function attribute(value: TracedAttribute): Attribute {
  if (typeof value === "boolean") return { b: value };
  return typeof value === "number" ? { i: String(value) } : type(value.type);
}

function writeOp(op: string, input: readonly string[], attr: NodeDef["attr"], writer: Writer): string {
  const computed = JSON.stringify([op, input, attr]);
  const known = writer.known.get(computed);
  if (known !== undefined) return known;
  const name = `${op}_${writer.nodes.length}`;
  writer.nodes.push({ name, op, input, attr });
  writer.known.set(computed, name);
  return name;
}

function writeConstant(weight: GraphWeight, key: string, writer: Writer): string {
  const known = writer.known.get(key);
  if (known !== undefined) return known;
  const { name, shape, dtype } = weight;
  writer.nodes.push({ name, op: "Const", attr: { dtype: type(dtype), value: { tensor: { dtype: typeNames[dtype], tensorShape: shapeText(shape) } } } });
  writer.weights.push(weight);
  writer.known.set(key, name);
  return name;
}

function writeData(data: Float32Array | Int32Array, shape: readonly number[], dtype: TracedType, writer: Writer): string {
  return writeConstant({ name: `constant_${writer.nodes.length}`, shape, dtype, data }, `${dtype} [${shape}] ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("latin1")}`, writer);
}

/** Numbers as a constant; where they follow the sizes, as a computation. One unknown extent of a reshape follows from the others. */
function writeLiteral(literal: SizedLiteral, writer: Writer, reshape = false): string {
  const { shape, dtype } = literal;
  const free = literal.values.filter((value) => typeof value !== "number").length;
  const values = reshape && free === 1 ? literal.values.map((value) => (typeof value === "number" ? value : -1)) : literal.values;
  if (values.every((value) => typeof value === "number")) return writeData(dtype === "float32" ? Float32Array.from(values) : Int32Array.from(values), shape, dtype, writer);
  const pieces = values.map((value) => writeExtent(value, writer));
  const whole = pieces.length === 1 ? pieces[0] : writeOp("ConcatV2", [...pieces, writeInts([0], [], writer)], { N: { i: String(pieces.length) }, T: type("int32") }, writer);
  const shaped = shape.length === 1 ? whole : writeOp("Reshape", [whole, writeInts(shape, [shape.length], writer)], { T: type("int32") }, writer);
  return dtype === "int32" ? shaped : writeOp("Cast", [shaped], { SrcT: type("int32"), DstT: type("float32") }, writer);
}

const writeInts = (values: readonly number[], shape: readonly number[], writer: Writer): string => writeData(Int32Array.from(values), shape, "int32", writer);

/** An int32 vector of one element. */
function writeExtent(extent: Extent, writer: Writer): string {
  if (typeof extent === "number") return writeInts([extent], [1], writer);
  const combine = (op: "Mul" | "AddV2", a: string, b: string): string => writeOp(op, [a, b], { T: type("int32") }, writer);
  const terms = extent.flatMap((coefficient, set): string[] => {
    if (coefficient === 0) return [];
    const factors = writer.graph.axes.flatMap((_, i) => ((set >> i) & 1 ? [sizeOfInput(i, writer)] : []));
    return [(coefficient === 1 && factors.length ? factors : [...factors, writeInts([coefficient], [1], writer)]).reduce((product, factor) => combine("Mul", product, factor))];
  });
  return terms.reduce((sum, term) => combine("AddV2", sum, term));
}

/** An axis of this call, read off an input that has it. */
function sizeOfInput(axis: number, writer: Writer): string {
  for (const node of writer.graph.nodes) {
    if (node.kind !== "input" || !writer.nodes.some(({ name }) => name === node.name)) continue;
    const place = node.outputs[0].shape.findIndex((extent) => typeof extent !== "number" && extent.every((coefficient, set) => coefficient === (set === 1 << axis ? 1 : 0)));
    if (place < 0) continue;
    const shape = writeOp("Shape", [node.name], { T: type(node.outputs[0].dtype), out_type: type("int32") }, writer);
    return writeOp("Slice", [shape, writeInts([place], [1], writer), writeInts([1], [1], writer)], { T: type("int32"), Index: type("int32") }, writer);
  }
  throw new Error(`no input has the ${writer.graph.axes[axis]}`);
}
