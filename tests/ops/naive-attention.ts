// Attention by its definition, forward and backward, with its T × S matrix written out: the reference for strips, ranges and kernels.

import { evaluateMask } from "../../compiler/graph/mask.ts";
import type { AttentionOptions } from "../../compiler/ops/_attention.ts";
import type { Pair } from "../harness/random-mask.ts";

export interface NaiveInputs {
  readonly B: number; readonly T: number; readonly S: number; readonly W: number; readonly V: number;
  readonly query: Float64Array; readonly key: Float64Array; readonly value: Float64Array; readonly bias?: Float64Array; readonly dout: Float64Array;
  readonly real?: readonly number[]; readonly documents?: readonly number[]; readonly key_documents?: readonly number[]; readonly prefix?: readonly number[]; readonly offset?: number;
  /** Dropout's factor of element (h·T + t)·S + s of an example. */
  readonly keep?: (example: number, element: number) => number;
  /** What the mask means; by default its naive evaluation. */
  readonly sees?: (at: Pair) => boolean;
}

export interface NaiveResult { readonly out: Float64Array; readonly log_sum: Float64Array; readonly dquery: Float64Array; readonly dkey: Float64Array; readonly dvalue: Float64Array; readonly dbias: Float64Array; /** The largest sum of the sizes of the terms of each: what rounding is relative to where terms cancel. */ readonly terms: { readonly [output: string]: number } }

export function naiveAttention(x: NaiveInputs, { heads: H, kv_heads: G, scale, mask, softcap }: AttentionOptions): NaiveResult {
  const { B, T, S, W, V } = x;
  const out = new Float64Array(B * T * H * V);
  const log_sum = new Float64Array(B * H * T);
  const dquery = new Float64Array(x.query.length);
  const dkey = new Float64Array(x.key.length);
  const dvalue = new Float64Array(x.value.length);
  const dbias = new Float64Array(H * T * S);
  const terms: Record<string, number> = { out: 0, log_sum: 0, dquery: 0, dkey: 0, dvalue: 0, dbias: 0 };
  const sizes = { dkey: new Float64Array(x.key.length), dvalue: new Float64Array(x.value.length), dbias: new Float64Array(H * T * S) };
  const sees = x.sees ?? (({ same, ...at }: Pair) => evaluateMask(mask, { ...at, sameDocument: same }));
  const dot = (a: Float64Array, from: number, c: Float64Array, at: number, n: number): number => a.subarray(from, from + n).reduce((sum, v, i) => sum + v * c[at + i], 0);
  for (let b = 0; b < B; b++) for (let h = 0; h < H; h++) {
    const g = Math.floor(h / (H / G));
    for (let t = 0; t < T; t++) {
      const q = ((b * T + t) * H + h) * W;
      const o = ((b * T + t) * H + h) * V;
      const k = (s: number): number => ((b * S + s) * G + g) * W;
      const v = (s: number): number => ((b * S + s) * G + g) * V;
      const m = (s: number): number => x.keep?.(b, (h * T + t) * S + s) ?? 1;
      const slopes = new Float64Array(S).fill(1);
      const scores = Array.from({ length: S }, (_, s) => {
        const same = !x.documents || x.documents[b * T + t] === (x.key_documents ?? x.documents)[b * S + s];
        if (!sees({ query: (x.offset ?? 0) + t, key: s, prefix: x.prefix?.[b] ?? 0, length: S, same }) || (x.real && x.real[b * S + s] !== 1)) return -Infinity;
        let score = scale * dot(x.query, q, x.key, k(s), W);
        if (softcap) {
          slopes[s] = 1 / Math.cosh(score / softcap) ** 2;
          score = softcap * Math.tanh(score / softcap);
        }
        return score + (x.bias?.[(h * T + t) * S + s] ?? 0);
      });
      const largest = Math.max(...scores);
      if (largest === -Infinity) continue;
      const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
      log_sum[(b * H + h) * T + t] = largest + Math.log(total);
      const p = scores.map((score) => Math.exp(score - largest) / total);
      const dp = p.map((_, s) => m(s) * dot(x.dout, o, x.value, v(s), V));
      const size = p.map((weight, s) => weight * (Math.abs(dp[s]) + p.reduce((sum, value, i) => sum + value * Math.abs(dp[i]), 0)));
      for (let j = 0; j < W; j++) terms.dquery = Math.max(terms.dquery, size.reduce((sum, value, s) => sum + Math.abs(value * slopes[s] * scale * x.key[k(s) + j]), 0));
      for (let j = 0; j < V; j++) terms.out = Math.max(terms.out, p.reduce((sum, value, s) => sum + Math.abs(value * m(s) * x.value[v(s) + j]), 0));
      terms.log_sum = Math.max(terms.log_sum, Math.abs(largest), Math.abs(Math.log(total)));
      const mean = p.reduce((sum, value, s) => sum + value * dp[s], 0);
      p.forEach((weight, s) => {
        if (weight === 0) return;
        const ds = weight * (dp[s] - mean);
        for (let j = 0; j < V; j++) {
          out[o + j] += weight * m(s) * x.value[v(s) + j];
          dvalue[v(s) + j] += weight * m(s) * x.dout[o + j];
          sizes.dvalue[v(s) + j] += Math.abs(weight * m(s) * x.dout[o + j]);
        }
        for (let j = 0; j < W; j++) {
          dquery[q + j] += ds * slopes[s] * scale * x.key[k(s) + j];
          dkey[k(s) + j] += ds * slopes[s] * scale * x.query[q + j];
          sizes.dkey[k(s) + j] += Math.abs(size[s] * slopes[s] * scale * x.query[q + j]);
        }
        dbias[(h * T + t) * S + s] += ds;
        sizes.dbias[(h * T + t) * S + s] += size[s];
      });
    }
  }
  for (const [name, values] of Object.entries(sizes)) terms[name] = values.reduce((most, value) => Math.max(most, value), 0);
  return { out, log_sum, dquery, dkey, dvalue, dbias, terms };
}
