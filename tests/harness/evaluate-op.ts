// Runs one op's `evaluate` in float64 on arrays given by name.

import { opOf } from "../../compiler/graph/builder.ts";
import { sizeOf, type Shape } from "../../compiler/graph/node.ts";

export interface Given { readonly shape: Shape; readonly values: ArrayLike<number>; readonly dtype?: "int32" }

/** Outputs in order. */
export function evaluateOp(name: string, inputs: { readonly [input: string]: Given }, attributes: object = {}): Float64Array[] {
  const op = opOf(name);
  const infos = Object.fromEntries(Object.entries(inputs).map(([key, { shape, dtype }]) => [key, { shape, dtype: dtype ?? "float32" }]));
  const outputs = op.infer(infos as never, attributes as never);
  const results = outputs.map(({ shape }) => new Float64Array(sizeOf(shape)).fill(Number.NaN));
  const data = Object.fromEntries(Object.entries(inputs).map(([key, { values, dtype }]) => [key, dtype === "int32" ? Int32Array.from(values) : Float64Array.from(values)]));
  const shapes = { inputs: Object.fromEntries(Object.entries(inputs).map(([key, { shape }]) => [key, shape])), outputs: outputs.map(({ shape }) => shape) };
  op.evaluate(data as never, results, attributes as never, shapes as never);
  return results;
}

export const float = (shape: Shape, ...values: number[]): Given => ({ shape, values });
export const int = (shape: Shape, ...values: number[]): Given => ({ shape, values, dtype: "int32" });
