// Attention by its definition, forward and backward, one query at a time: the reference for the op's strips and ranges.

import { evaluateMask } from "../../compiler/graph/mask.ts";
import type { AttentionOptions } from "../../compiler/ops/_attention.ts";

export interface NaiveInputs {
  readonly B: number; readonly T: number; readonly S: number; readonly W: number; readonly V: number;
  readonly query: Float64Array; readonly key: Float64Array; readonly value: Float64Array; readonly bias?: Float64Array; readonly dout: Float64Array;
  readonly real?: readonly number[]; readonly documents?: readonly number[]; readonly prefix?: readonly number[]; readonly offset?: number;
}

export function naiveAttention(x: NaiveInputs, { heads: H, kv_heads: G, scale, mask }: AttentionOptions): { out: Float64Array; dquery: Float64Array; dkey: Float64Array; dvalue: Float64Array; dbias: Float64Array } {
  const { B, T, S, W, V } = x;
  const out = new Float64Array(B * T * H * V);
  const dquery = new Float64Array(x.query.length);
  const dkey = new Float64Array(x.key.length);
  const dvalue = new Float64Array(x.value.length);
  const dbias = new Float64Array(H * T * S);
  for (let b = 0; b < B; b++) for (let h = 0; h < H; h++) for (let t = 0; t < T; t++) {
    const g = Math.floor(h / (H / G));
    const q = ((b * T + t) * H + h) * W;
    const o = ((b * T + t) * H + h) * V;
    const keys = Array.from({ length: S }, (_, s) => s).filter((s) =>
      evaluateMask(mask, { query: (x.offset ?? 0) + t, key: s, prefix: x.prefix?.[b] ?? 0, length: S, sameDocument: !x.documents || x.documents[b * T + t] === x.documents[b * S + s] }) && (!x.real || x.real[b * S + s] === 1));
    const dot = (a: Float64Array, from: number, c: Float64Array, at: number, n: number): number => a.subarray(from, from + n).reduce((sum, v, i) => sum + v * c[at + i], 0);
    const k = (s: number): number => ((b * S + s) * G + g) * W;
    const v = (s: number): number => ((b * S + s) * G + g) * V;
    const powers = keys.map((s) => Math.exp(scale * dot(x.query, q, x.key, k(s), W) + (x.bias?.[(h * T + t) * S + s] ?? 0)));
    const total = powers.reduce((sum, p) => sum + p, 0);
    const p = powers.map((power) => power / total);
    const dp = keys.map((s) => dot(x.dout, o, x.value, v(s), V));
    const mean = p.reduce((sum, value, i) => sum + value * dp[i], 0);
    keys.forEach((s, i) => {
      const ds = p[i] * (dp[i] - mean);
      for (let j = 0; j < V; j++) {
        out[o + j] += p[i] * x.value[v(s) + j];
        dvalue[v(s) + j] += p[i] * x.dout[o + j];
      }
      for (let j = 0; j < W; j++) {
        dquery[q + j] += ds * scale * x.key[k(s) + j];
        dkey[k(s) + j] += ds * scale * x.query[q + j];
      }
      dbias[(h * T + t) * S + s] += ds;
    });
  }
  return { out, dquery, dkey, dvalue, dbias };
}
