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

/** An optimizer's parameter and gradient, its rate and step, and a mean and mean square of the gradient where it keeps them. */
export function stepInputs<K extends "mean" | "square" = never>(shape: readonly number[], step: number, ...kept: readonly K[]) {
  const state = { mean: { shape }, square: { shape, range: [0.1, 2] as const } };
  return {
    parameter: { shape },
    gradient: { shape },
    rate: { shape: [], values: [0.01] },
    step: { shape: [], values: [step] },
    ...(Object.fromEntries(kept.map((key) => [key, state[key]])) as Pick<typeof state, K>),
  };
}
