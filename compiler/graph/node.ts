// The Graph: operations on values of static shape, as plain data that goes into a plan unchanged.

export type DType = "float32" | "int32";
export type Shape = readonly number[];
export interface ValueInfo { readonly shape: Shape; readonly dtype: DType }

/** Index into `Graph.values`. */
export type ValueId = number;

export type Attribute = number | string | boolean | null | readonly Attribute[] | { readonly [key: string]: Attribute };
export type Attributes = { readonly [key: string]: Attribute };

export interface Node {
  readonly op: string;
  /** In the order of the op's `inputs`; an optional input that is absent is null. */
  readonly inputs: readonly (ValueId | null)[];
  readonly attributes: Attributes;
  readonly outputs: readonly ValueId[];
  /** Where the node comes from: the path of its layer (`decoder.layers.3.attention`), or `loss`, `update`, … */
  readonly scope: string;
}

/** Nodes in an order in which they can run. `inputs` and `outputs` are named; parameters are inputs like any other. */
export interface Graph {
  readonly values: readonly ValueInfo[];
  readonly nodes: readonly Node[];
  readonly inputs: { readonly [name: string]: ValueId };
  readonly outputs: { readonly [name: string]: ValueId };
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** Bytes of a value; every element type of a graph takes four. */
export function bytesOf(info: ValueInfo): number {
  return 4 * sizeOf(info.shape);
}
