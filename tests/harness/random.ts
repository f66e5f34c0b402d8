// Seeded test data: the inputs of an op's sample, and plain arrays.

import { sizeOf, type Shape, type ValueInfo } from "../../compiler/graph/node.ts";
import { randomStream } from "../../compiler/random.ts";

export interface SampleInput { readonly shape: Shape; readonly dtype?: "int32"; readonly values?: readonly number[]; readonly range?: readonly [number, number] }
export type SampleInputs = { readonly [name: string]: SampleInput };

/** Standard normal numbers. */
export function normals(count: number, seed: number, name = "test"): Float64Array {
  const stream = randomStream(seed, name);
  return Float64Array.from({ length: count }, () => stream.normal());
}

/** Data of one input: its values, integers in [low, high), floats uniform in [low, high], or standard normals. All exact in float32. */
export function inputData({ shape, dtype, values, range }: SampleInput, seed: number, name: string): Float64Array | Int32Array {
  const size = sizeOf(shape);
  if (values && values.length !== size) throw new Error(`sample input ${name}: ${values.length} values for [${shape}]`);
  const stream = randomStream(seed, name);
  const [low, high] = range ?? [0, 1];
  if (dtype === "int32") return Int32Array.from(values ?? Array.from({ length: size }, () => low + stream.below(high - low)));
  const draw = (): number => (range ? low + (high - low) * stream.unit() : stream.normal());
  return Float64Array.from(values ?? Array.from({ length: size }, draw), Math.fround);
}

export function sampleData(inputs: SampleInputs, seed: number): Record<string, Float64Array | Int32Array> {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, inputData(input, seed, name)]));
}

export function infosOf(inputs: SampleInputs): Record<string, ValueInfo> {
  return Object.fromEntries(Object.entries(inputs).map(([name, { shape, dtype }]): [string, ValueInfo] => [name, { shape, dtype: dtype ?? "float32" }]));
}
