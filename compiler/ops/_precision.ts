// bfloat16: the first 16 bits of a float32, to nearest and ties to even. `precision: "bf16"` among a node's attributes rounds what enters
// its matrix products; sums, and all that is no product, stay as they are.

import type { Data, Tensor, Tf } from "./define.ts";

export type Precision = "bf16";
/** Attributes of an op with products: `withPrecision` (graph/precision.ts) sets it when a graph is finished. */
export type Precise = { readonly precision?: Precision };

export function isBfloat16(attributes: { readonly [key: string]: unknown }): boolean {
  return attributes.precision === "bf16";
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** One number, by way of float32. */
export function bfloat16(x: number): number {
  float[0] = x;
  if (x !== x) return x;
  bits[0] = (bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) & 0xffff0000;
  return float[0];
}

/** The numbers rounded, in a new array of the same type; integers as they are. */
export function bfloat16s<D extends Data>(x: D): D {
  if (x instanceof Int32Array) return x;
  const rounded = Float32Array.from(x);
  const words = new Uint32Array(rounded.buffer);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    // A NaN whose bits carry over would become infinite.
    if ((word & 0x7fffffff) <= 0x7f800000) words[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
  return (x instanceof Float64Array ? Float64Array.from(rounded) : rounded) as D;
}

/**
 * The same in float32 arithmetic, without access to bits: Veltkamp's splitting (Dekker 1971) with 2^16 + 1 leaves the nearest number of
 * 8 bits, ties to even. Beyond 2^111 it gives NaN, which a run treats as it treats infinity.
 */
export function bfloat16Tensor(tf: Tf, x: Tensor): Tensor {
  if (x.dtype !== "float32" || x.size === 0) return x;
  const large = tf.mul(x, 65537);
  return tf.add(large, tf.sub(x, large));
}

/** Applies `round` to the inputs of these names. */
export function roundNamed<T>(inputs: { readonly [name: string]: T | undefined }, names: readonly string[], round: (value: T) => T): { readonly [name: string]: T | undefined } {
  const rounded = { ...inputs };
  for (const name of names) if (rounded[name] !== undefined) rounded[name] = round(rounded[name]);
  return rounded;
}
