// Samples that several ops share.

import type { Sample } from "./define.ts";

type None = Record<never, never>;

/** y with x's shape, with an ending of it, a scalar, an empty batch. Values keep away from 0 so that division is tame. */
export const suffixSamples: readonly Sample<"x" | "y", None>[] = [
  { title: "same shape", inputs: { x: { shape: [3, 5] }, y: { shape: [3, 5], range: [0.5, 2] } }, attributes: {} },
  { title: "repeated over two axes", inputs: { x: { shape: [2, 3, 7] }, y: { shape: [7], range: [-2, -0.5] } }, attributes: {} },
  { title: "repeated matrix", inputs: { x: { shape: [2, 3, 4] }, y: { shape: [3, 4], range: [0.5, 2] } }, attributes: {} },
  { title: "scalar", inputs: { x: { shape: [4, 3] }, y: { shape: [], range: [0.5, 2] } }, attributes: {} },
  { title: "scalars", inputs: { x: { shape: [] }, y: { shape: [], range: [0.5, 2] } }, attributes: {} },
  { title: "empty batch", inputs: { x: { shape: [0, 3] }, y: { shape: [3], range: [0.5, 2] } }, attributes: {} },
];

/** One float input of a few shapes. */
export function unarySamples<A>(attributes: A, range?: readonly [number, number]): readonly Sample<"x", A>[] {
  return [[2, 3, 5], [], [0, 4]].map((shape) => ({ title: `[${shape}]`, inputs: { x: range ? { shape, range } : { shape } }, attributes }));
}
