// The contract of an op: everything the project knows about it stands in its one file.

import type { Attributes, Shape, ValueId, ValueInfo } from "../graph/node.ts";
import { bfloat16s, bfloat16Tensor, isBfloat16, roundNamed } from "./_precision.ts";

/** float32 or int32 data at run time; float64 (and int32) in the oracle. Row-major. */
export type Data = Float32Array | Float64Array | Int32Array;

/** An input named `x?` may be absent. */
type NameOf<I extends string> = I extends `${infer N}?` ? N : I;
type OptionalOf<I extends string> = I extends `${infer N}?` ? N : never;
type RequiredOf<I extends string> = I extends `${string}?` ? never : I;
export type Named<I extends string, T> = { readonly [N in RequiredOf<I>]: T } & { readonly [N in OptionalOf<I>]?: T };

/** The part of the builder that gradients and layers use: one method per op (generated), returning its output values. */
import type { Builder } from "../graph/builder-types.ts";
export type { Builder };

/** tfjs as the runtime passes it in: compiler files import only the types. */
export type Tf = typeof import("@tensorflow/tfjs-core");
export type Tensor = import("@tensorflow/tfjs-core").Tensor;

export interface Sample<I extends string, A> {
  readonly title: string;
  /** Shapes, and for integer inputs the values; floats are drawn from a seeded normal unless `values` are given. */
  readonly inputs: Named<I, { readonly shape: Shape; readonly dtype?: "int32"; readonly values?: readonly number[]; readonly range?: readonly [number, number] }>;
  readonly attributes: A;
}

export interface OpDefinition<I extends string = string, A extends Attributes = Attributes> {
  readonly name: string;
  /** One line: what it computes, with shapes. */
  readonly doc: string;
  readonly inputs: readonly I[];
  /**
   * Inputs that enter matrix products. The attribute `precision: "bf16"` rounds them to bfloat16 before `evaluate` and `lower` see them,
   * which do themselves what more there is to round (`rounds_inside`). Gradients take it over when the graph is finished.
   */
  readonly products?: readonly NameOf<I>[];
  /** Products of values that the op makes itself: a kernel that knows no precision does not serve then. */
  readonly rounds_inside?: true;
  /** Names of the outputs, for printing; one for most. */
  readonly outputs: readonly string[];
  /** Output shapes and types. Throws an Error with the reason when inputs do not fit: that is a bug of the caller. */
  readonly infer: (inputs: Named<I, ValueInfo>, attributes: A) => readonly ValueInfo[];
  /**
   * Values of d loss / d input for each float input, given d loss / d output (null where nothing flows into that output);
   * null for an input that gets none. Naming every input is enforced by the type.
   */
  readonly gradient:
    | ((b: Builder, node: { inputs: Named<I, ValueId>; outputs: readonly ValueId[]; attributes: A }, gradients: readonly (ValueId | null)[]) => { readonly [N in NameOf<I>]: ValueId | null })
    | "not differentiable";
  /** Floating-point operations, a multiply-add counting two. */
  readonly flops: (inputs: Named<I, ValueInfo>, outputs: readonly ValueInfo[], attributes: A) => number;
  /** Bytes read and written; by default the sizes of all inputs and outputs. */
  readonly bytes?: (inputs: Named<I, ValueInfo>, outputs: readonly ValueInfo[], attributes: A) => number;
  /**
   * Fills `outputs` (allocated, content arbitrary) from `inputs`. In float64 it is the oracle and folds constants;
   * the same code runs in float32 on backends without a kernel of their own, so it is written to be fast: flat loops, no closures inside.
   * Only these two arguments decide the result: no global state, no Math.random.
   */
  readonly evaluate: (inputs: Named<I, Data>, outputs: readonly Data[], attributes: A, shapes: { inputs: Named<I, Shape>; outputs: readonly Shape[] }) => void;
  /**
   * The same in TensorFlow.js operations that every backend has; intermediates are tidied by the caller.
   * `"evaluate"` where TensorFlow.js has no operations for it (integer bit mixing): then `evaluate` runs on the host.
   */
  readonly lower: ((tf: Tf, inputs: Named<I, Tensor>, attributes: A) => readonly Tensor[]) | "evaluate";
  readonly samples: readonly Sample<I, A>[];
}

export function defineOp<const I extends string, A extends Attributes>(definition: OpDefinition<I, A>): OpDefinition<I, A> {
  const { products, evaluate, lower } = definition;
  if (!products) return definition;
  return {
    ...definition,
    evaluate: (inputs, outputs, attributes, shapes) => evaluate(isBfloat16(attributes) ? (roundNamed<Data>(inputs, products, bfloat16s) as typeof inputs) : inputs, outputs, attributes, shapes),
    lower: lower === "evaluate" ? lower : (tf, inputs, attributes) => lower(tf, isBfloat16(attributes) ? (roundNamed<Tensor>(inputs, products, (x) => bfloat16Tensor(tf, x)) as typeof inputs) : inputs, attributes),
  };
}
