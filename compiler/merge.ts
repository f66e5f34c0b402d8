// An adapted model as a plain one: low-rank updates become part of the weights that they stand beside.

import { copied } from "./adaptations/_copy.ts";
import { instancesOf, type Architecture, type Head } from "./architecture.ts";
import type { Shape } from "./graph/node.ts";

export interface Weight { readonly shape: Shape; readonly data: Float32Array }

export interface Merged { readonly architecture: Architecture; readonly heads: readonly Head[]; readonly weights: ReadonlyMap<string, Weight> }

/**
 * The model without updates and without frozen weights: W + scale · B A in float64, then rounded once. What an adaptation added as
 * layers stays (`addedLayers`). A model without updates keeps its weights as they are.
 */
export function merged(architecture: Architecture, heads: readonly Head[], weights: ReadonlyMap<string, Weight>): Merged {
  const changed = new Map(weights);
  const seen = new Set<string>();
  for (const { path, lowRank = {} } of instancesOf(architecture, architecture.heads)) {
    for (const [leaf, { a, b, scale }] of Object.entries(lowRank)) {
      const [weight, A, B] = [leaf, a, b].map((one) => weights.get(`${path}.${one}`));
      // Of a head that this run does not have there are no weights; of a shared layer they are merged once.
      if (!weight || !A || !B || seen.has(`${path}.${leaf}`)) continue;
      seen.add(`${path}.${leaf}`);
      changed.set(`${path}.${leaf}`, { shape: weight.shape, data: withUpdate(weight.data, A, B, scale) });
      changed.delete(`${path}.${a}`);
      changed.delete(`${path}.${b}`);
    }
  }
  const plain = copied(architecture, heads, {
    weights: (owner) => {
      const added = new Set(Object.values(("lowRank" in owner && owner.lowRank) || {}).flatMap(({ a, b }) => [a, b]));
      return Object.fromEntries(Object.entries(owner.weights).flatMap(([leaf, { frozen: _, ...spec }]) => (added.has(leaf) ? [] : [[leaf, spec]])));
    },
    beside: () => [],
    sublayer: null,
    embedding: () => null,
  });
  return { ...plain, weights: changed };
}

/** W [O, I] + scale · B [O, R] A [R, I]. */
function withUpdate(weight: Float32Array, { data: A, shape: [R, I] }: Weight, { data: B, shape: [O] }: Weight, scale: number): Float32Array {
  const sum = new Float32Array(O * I);
  const row = new Float64Array(I);
  for (let o = 0; o < O; o++) {
    row.fill(0);
    for (let r = 0; r < R; r++) for (let i = 0; i < I; i++) row[i] += B[o * R + r] * A[r * I + i];
    for (let i = 0; i < I; i++) sum[o * I + i] = weight[o * I + i] + scale * row[i];
  }
  return sum;
}

/** Words of the adaptations that added layers, which no plain model has. */
export function addedLayers(architecture: Architecture): string[] {
  return [...new Set(instancesOf(architecture, architecture.heads).flatMap(({ added }) => (added ? [added] : [])))];
}
