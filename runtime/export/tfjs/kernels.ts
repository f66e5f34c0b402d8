// TensorFlow.js's kernels as ops of a TensorFlow graph: what each takes, and the shape it gives. About TensorFlow.js alone: no op of ours is named here.

import type { Tensor, Tf } from "../../../compiler/ops/define.ts";
import type { Literal, TracedAttribute, TracedInfo, TracedType } from "./trace.ts";

/** Attributes of a TensorFlow.js kernel. */
type Given = { readonly [name: string]: unknown };

export interface KernelRule {
  /** Name of the op in TensorFlow. */
  readonly op: string | ((inputs: readonly Tensor[]) => string);
  /** Inputs of the kernel, in the order of the op's; `all`: a list of any length. */
  readonly inputs: readonly string[] | "all";
  /** Operands after the inputs, the op's attributes, and what comes out. */
  readonly apply: (tf: Tf, inputs: readonly Tensor[], given: Given) => { readonly operands?: readonly Literal[]; readonly attributes?: { readonly [name: string]: TracedAttribute }; readonly outputs: readonly TracedInfo[] };
}

const typeOf = (tensor: Tensor): TracedType => tensor.dtype as TracedType;
const info = (shape: readonly number[], dtype: TracedType): TracedInfo => ({ shape: [...shape], dtype });
const vector = (values: readonly number[]): Literal => ({ values, shape: [values.length], dtype: "int32" });
const scalar = (value: number, dtype: "float32" | "int32" = "int32"): Literal => ({ values: [value], shape: [], dtype });
const number = (type: TracedType): "float32" | "int32" => (type === "float32" ? "float32" : "int32");

const unary = (op: string): KernelRule => ({ op, inputs: ["x"], apply: (_, [x]) => ({ outputs: [info(x.shape, typeOf(x))] }) });

const binary = (op: string, result?: TracedType): KernelRule => ({
  op,
  inputs: ["a", "b"],
  apply: (tf, [a, b]) => ({ outputs: [info(tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape), result ?? typeOf(a))] }),
});

const reduction = (op: string, axis: string, result?: TracedType): KernelRule => ({
  op,
  inputs: ["x"],
  apply: (tf, [x], given) => {
    const axes = tf.util.parseAxisParam(given[axis] as number | number[], x.shape);
    const shape = x.shape.flatMap((n, i) => (axes.includes(i) ? (given.keepDims ? [1] : []) : [n]));
    return { operands: [vector(axes)], attributes: { keep_dims: Boolean(given.keepDims) }, outputs: [info(shape, result ?? typeOf(x))] };
  },
});

const argument = (op: string): KernelRule => ({
  op,
  inputs: ["x"],
  apply: (_, [x], { axis }) => ({ operands: [scalar(axis as number)], attributes: { output_type: { type: "int32" } }, outputs: [info(x.shape.filter((_n, i) => i !== axis), "int32")] }),
});

const normalizing = (op: string): KernelRule => ({ op, inputs: ["logits"], apply: (_, [x]) => ({ outputs: [info(x.shape, "float32")] }) });

/** Those that `lower` functions use, and what is alike; a test traces every op. */
export const kernels: { readonly [kernel: string]: KernelRule } = {
  Identity: unary("Identity"), Abs: unary("Abs"), Neg: unary("Neg"), Sign: unary("Sign"), Square: unary("Square"), Sqrt: unary("Sqrt"), Rsqrt: unary("Rsqrt"),
  Reciprocal: unary("Reciprocal"), Exp: unary("Exp"), Expm1: unary("Expm1"), Log: unary("Log"), Log1p: unary("Log1p"), Sin: unary("Sin"), Cos: unary("Cos"),
  Tanh: unary("Tanh"), Sigmoid: unary("Sigmoid"), Erf: unary("Erf"), Relu: unary("Relu"), Relu6: unary("Relu6"), Elu: unary("Elu"), Selu: unary("Selu"), Softplus: unary("Softplus"),
  Floor: unary("Floor"), Ceil: unary("Ceil"), Round: unary("Round"), LogicalNot: unary("LogicalNot"), ZerosLike: unary("ZerosLike"), OnesLike: unary("OnesLike"),
  Add: binary("AddV2"), Sub: binary("Sub"), Multiply: binary("Mul"), RealDiv: binary("RealDiv", "float32"), FloorDiv: binary("FloorDiv", "int32"), Mod: binary("FloorMod"), Pow: binary("Pow"),
  Maximum: binary("Maximum"), Minimum: binary("Minimum"), SquaredDifference: binary("SquaredDifference"),
  Equal: binary("Equal", "bool"), NotEqual: binary("NotEqual", "bool"), Less: binary("Less", "bool"), LessEqual: binary("LessEqual", "bool"),
  Greater: binary("Greater", "bool"), GreaterEqual: binary("GreaterEqual", "bool"), LogicalAnd: binary("LogicalAnd", "bool"), LogicalOr: binary("LogicalOr", "bool"),
  Sum: reduction("Sum", "axis"), Mean: reduction("Mean", "axis", "float32"), Prod: reduction("Prod", "axis"), Max: reduction("Max", "reductionIndices"), Min: reduction("Min", "axis"),
  All: reduction("All", "axis", "bool"), Any: reduction("Any", "axis", "bool"), ArgMax: argument("ArgMax"), ArgMin: argument("ArgMin"),
  Softmax: normalizing("Softmax"), LogSoftmax: normalizing("LogSoftmax"),
  BatchMatMul: {
    op: ([a]) => (a.shape.length > 2 ? "BatchMatMulV2" : "MatMul"),
    inputs: ["a", "b"],
    apply(tf, [a, b], { transposeA, transposeB }) {
      const rank = a.shape.length;
      const lead = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
      const [x, y] = [Boolean(transposeA), Boolean(transposeB)];
      const shape = [...lead, a.shape[x ? rank - 1 : rank - 2], b.shape[b.shape.length - (y ? 2 : 1)]];
      const attributes: { [name: string]: boolean } = rank > 2 ? { adj_x: x, adj_y: y } : { transpose_a: x, transpose_b: y };
      return { attributes, outputs: [info(shape, "float32")] };
    },
  },
  Cast: { op: "Cast", inputs: ["x"], apply: (_, [x], { dtype }) => ({ attributes: { SrcT: { type: typeOf(x) }, DstT: { type: dtype as TracedType } }, outputs: [info(x.shape, dtype as TracedType)] }) },
  Reshape: {
    op: "Reshape",
    inputs: ["x"],
    apply(tf, [x], { shape }) {
      const whole = tf.util.inferFromImplicitShape([...(shape as number[])], x.size);
      return { operands: [vector(whole)], outputs: [info(whole, typeOf(x))] };
    },
  },
  ExpandDims: {
    op: "ExpandDims",
    inputs: ["input"],
    apply: (_, [x], { dim }) => ({ operands: [scalar(dim as number)], outputs: [info([...x.shape.slice(0, wrapped(dim as number, x.shape.length + 1)), 1, ...x.shape.slice(wrapped(dim as number, x.shape.length + 1))], typeOf(x))] }),
  },
  Transpose: { op: "Transpose", inputs: ["x"], apply: (_, [x], { perm }) => ({ operands: [vector(perm as number[])], outputs: [info((perm as number[]).map((axis) => x.shape[axis]), typeOf(x))] }) },
  Slice: {
    op: "Slice",
    inputs: ["x"],
    apply(tf, [x], { begin, size }) {
      const [from, count] = tf.slice_util.parseSliceParams(x, begin as number[], size as number[]);
      return { operands: [vector(from), vector(count)], outputs: [info(count, typeOf(x))] };
    },
  },
  Concat: {
    op: "ConcatV2",
    inputs: "all",
    apply(_, all, { axis }) {
      const at = wrapped(axis as number, all[0].shape.length);
      return { operands: [scalar(at)], attributes: { N: all.length }, outputs: [info(all[0].shape.map((n, i) => (i === at ? all.reduce((sum, { shape }) => sum + shape[i], 0) : n)), typeOf(all[0]))] };
    },
  },
  Pack: {
    op: "Pack",
    inputs: "all",
    apply: (_, all, { axis }) => ({ attributes: { N: all.length, axis: axis as number }, outputs: [info([...all[0].shape.slice(0, axis as number), all.length, ...all[0].shape.slice(axis as number)], typeOf(all[0]))] }),
  },
  Tile: { op: "Tile", inputs: ["x"], apply: (_, [x], { reps }) => ({ operands: [vector(reps as number[])], outputs: [info(x.shape.map((n, i) => n * (reps as number[])[i]), typeOf(x))] }) },
  PadV2: {
    op: "PadV2",
    inputs: ["x"],
    apply(_, [x], { paddings, constantValue }) {
      const pads = paddings as [number, number][];
      return { operands: [{ values: pads.flat(), shape: [pads.length, 2], dtype: "int32" }, scalar(constantValue as number, number(typeOf(x)))], outputs: [info(x.shape.map((n, i) => n + pads[i][0] + pads[i][1]), typeOf(x))] };
    },
  },
  GatherV2: {
    op: "GatherV2",
    inputs: ["x", "indices"],
    apply(_, [x, indices], { axis, batchDims = 0 }) {
      const at = wrapped(axis as number, x.shape.length);
      return { operands: [scalar(at)], attributes: { batch_dims: batchDims as number }, outputs: [info([...x.shape.slice(0, at), ...indices.shape.slice(batchDims as number), ...x.shape.slice(at + 1)], typeOf(x))] };
    },
  },
  GatherNd: {
    op: "GatherNd",
    inputs: ["params", "indices"],
    apply: (_, [x, indices]) => ({ outputs: [info([...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1))], typeOf(x))] }),
  },
  ScatterNd: { op: "ScatterNd", inputs: ["indices", "updates"], apply: (_, [, updates], { shape }) => ({ operands: [vector(shape as number[])], outputs: [info(shape as number[], typeOf(updates))] }) },
  Unpack: {
    op: "Unpack",
    inputs: ["value"],
    apply(_, [x], { axis }) {
      const at = wrapped(axis as number, x.shape.length);
      return { attributes: { num: x.shape[at], axis: at }, outputs: Array.from({ length: x.shape[at] }, () => info(x.shape.filter((_n, i) => i !== at), typeOf(x))) };
    },
  },
  SplitV: {
    op: "SplitV",
    inputs: ["x"],
    apply(tf, [x], { numOrSizeSplits, axis }) {
      const at = wrapped(axis as number, x.shape.length);
      const sizes = tf.backend_util.prepareSplitSize(x, numOrSizeSplits as number | number[], at);
      return { operands: [vector(sizes), scalar(at)], attributes: { num_split: sizes.length }, outputs: sizes.map((size) => info(x.shape.map((n, i) => (i === at ? size : n)), typeOf(x))) };
    },
  },
  Select: { op: "SelectV2", inputs: ["condition", "t", "e"], apply: (tf, [condition, t, e]) => ({ outputs: [info(tf.broadcast_util.assertAndGetBroadcastShape(tf.broadcast_util.assertAndGetBroadcastShape(condition.shape, t.shape), e.shape), typeOf(t))] }) },
  OneHot: {
    op: "OneHot",
    inputs: ["indices"],
    apply: (_, [indices], { depth, onValue, offValue, dtype }) => ({ operands: [scalar(depth as number), scalar(onValue as number, number(dtype as TracedType)), scalar(offValue as number, number(dtype as TracedType))], attributes: { axis: -1, T: { type: dtype as TracedType } }, outputs: [info([...indices.shape, depth as number], dtype as TracedType)] }),
  },
  TopK: {
    op: "TopKV2",
    inputs: ["x"],
    apply: (_, [x], { k, sorted }) => ({ operands: [scalar(k as number)], attributes: { sorted: Boolean(sorted) }, outputs: (["float32", "int32"] as const).map((dtype) => info([...x.shape.slice(0, -1), k as number], dtype)) }),
  },
  Cumsum: { op: "Cumsum", inputs: ["x"], apply: (_, [x], { axis, exclusive, reverse }) => ({ operands: [scalar(axis as number)], attributes: { exclusive: Boolean(exclusive), reverse: Boolean(reverse) }, outputs: [info(x.shape, typeOf(x))] }) },
  Fill: {
    op: "Fill",
    inputs: [],
    apply: (_, __, { shape, value, dtype }) => ({ operands: [vector(shape as number[]), scalar(value as number, number((dtype ?? "float32") as TracedType))], outputs: [info(shape as number[], (dtype ?? "float32") as TracedType)] }),
  },
  Range: {
    op: "Range",
    inputs: [],
    apply(_, __, { start, stop, step, dtype }) {
      const [from, to, by] = [start, stop, step] as number[];
      const type = number(dtype as TracedType);
      return { operands: [scalar(from, type), scalar(to, type), scalar(by, type)], attributes: { Tidx: { type } }, outputs: [info([Math.max(0, Math.ceil((to - from) / by))], type)] };
    },
  },
};

function wrapped(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
