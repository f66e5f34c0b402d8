// What attention and its gradient share: attributes, sizes, and the three strip products their time goes into.
// A strip is four queries. Its arrays are interleaved, q_W4[i * 4 + r], so a key's row, read once, serves all four.
// B batch, T queries, S keys, H heads, G key/value heads, W width of a query or key head, V width of a value head.

import type { Shape, ValueInfo } from "../graph/node.ts";
import type { MaskExpression } from "../masks/define.ts";
import type { Data } from "./define.ts";
import type { Precision } from "./_precision.ts";
import { expect, expectShape } from "./_shapes.ts";

export type AttentionOptions = { readonly heads: number; readonly kv_heads: number; readonly scale: number; readonly mask: MaskExpression; readonly dropout: number; readonly site: number; /** Scaled scores s become softcap · tanh(s / softcap) before the bias (Gemma 2, Riviere et al. 2024). */ readonly softcap?: number; readonly precision?: Precision };

export interface AttentionSizes { readonly B: number; readonly T: number; readonly S: number; readonly H: number; readonly G: number; readonly W: number; readonly V: number }

export function attentionSizes(query: Shape, key: Shape, value: Shape, { heads, kv_heads }: AttentionOptions): AttentionSizes {
  return { B: query[0], T: query[1], S: key[1], H: heads, G: kv_heads, W: query[2] / heads, V: value[2] / kv_heads };
}

type Optional = "bias" | "real" | "documents" | "key_documents" | "prefix" | "offset" | "random";

export function expectAttention(op: string, inputs: { readonly query: ValueInfo; readonly key: ValueInfo; readonly value: ValueInfo } & { readonly [N in Optional]?: ValueInfo }, options: AttentionOptions): AttentionSizes {
  const { query, key, value, bias, real, documents, key_documents, prefix, offset, random } = inputs;
  const sizes = attentionSizes(query.shape, key.shape, value.shape, options);
  const { B, T, S, H, G, W, V } = sizes;
  expect(query.shape.length === 3 && Number.isInteger(W) && Number.isInteger(V) && H % G === 0, `${op}: ${H} heads, ${G} key/value heads, query [${query.shape}]`);
  expectShape(`${op}: key`, key, [B, S, G * W]);
  expectShape(`${op}: value`, value, [B, S, G * V]);
  if (bias) expectShape(`${op}: bias`, bias, [H, T, S]);
  if (real) expectShape(`${op}: real`, real, [B, S]);
  if (documents) expectShape(`${op}: documents`, documents, [B, T]);
  if (key_documents) expectShape(`${op}: key_documents`, key_documents, [B, S]);
  expect(!documents || key_documents !== undefined || T === S, `${op}: documents of ${S} keys are missing`);
  if (prefix) expectShape(`${op}: prefix`, prefix, [B]);
  if (offset) expectShape(`${op}: offset`, offset, []);
  if (random) expectShape(`${op}: random`, random, [4]);
  expect(options.dropout === 0 || random !== undefined, `${op}: dropout without random`);
  return sizes;
}

/** One head of x [rows, stride] as contiguous rows of `width`, in float64. */
export function readHead(to: Float64Array, x: Data, from: number, stride: number, rows: number, width: number): void {
  for (let row = 0, at = 0; row < rows; row++, from += stride) {
    for (let i = 0; i < width; i++) to[at++] = x[from + i];
  }
}

export function writeHead(x: Data, from: number, stride: number, rows: number, width: number, head: Float64Array): void {
  for (let row = 0, at = 0; row < rows; row++, from += stride) {
    for (let i = 0; i < width; i++) x[from + i] = head[at++];
  }
}

/** Four rows (`rows` real ones, the rest zero) interleaved and scaled. */
export function readStrip(to: Float64Array, x: Data, from: number, stride: number, rows: number, width: number, scale: number): void {
  for (let r = 0; r < 4; r++) {
    for (let i = 0; i < width; i++) to[i * 4 + r] = r < rows ? x[from + r * stride + i] * scale : 0;
  }
}

export function writeStrip(x: Data, from: number, stride: number, rows: number, width: number, strip: Float64Array, scale: number): void {
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < width; i++) x[from + r * stride + i] = strip[i * 4 + r] * scale;
  }
}

/** p[s, r] = Σ_i q[i, r] k[s, i] for keys lo … hi, and one more when their number is odd (k has a spare row). */
export function stripDots(p: Float64Array, q: Float64Array, k: Float64Array, width: number, lo: number, hi: number): void {
  for (let s = lo; s <= hi; s += 2) {
    const k0 = s * width;
    const k1 = k0 + width;
    let a0 = 0;
    let a1 = 0;
    let a2 = 0;
    let a3 = 0;
    let b0 = 0;
    let b1 = 0;
    let b2 = 0;
    let b3 = 0;
    for (let i = 0, at = 0; i < width; i++, at += 4) {
      const x = k[k0 + i];
      const y = k[k1 + i];
      const q0 = q[at];
      const q1 = q[at + 1];
      const q2 = q[at + 2];
      const q3 = q[at + 3];
      a0 += q0 * x;
      a1 += q1 * x;
      a2 += q2 * x;
      a3 += q3 * x;
      b0 += q0 * y;
      b1 += q1 * y;
      b2 += q2 * y;
      b3 += q3 * y;
    }
    const at = s * 4;
    p[at] = a0;
    p[at + 1] = a1;
    p[at + 2] = a2;
    p[at + 3] = a3;
    p[at + 4] = b0;
    p[at + 5] = b1;
    p[at + 6] = b2;
    p[at + 7] = b3;
  }
}

/** o[j, r] += Σ_s p[s, r] v[s, j]; p is zero where nothing is to be added, also at hi + 1. */
export function stripGather(o: Float64Array, p: Float64Array, v: Float64Array, width: number, lo: number, hi: number): void {
  for (let s = lo; s <= hi; s += 2) {
    const v0 = s * width;
    const v1 = v0 + width;
    const from = s * 4;
    const a0 = p[from];
    const a1 = p[from + 1];
    const a2 = p[from + 2];
    const a3 = p[from + 3];
    const b0 = p[from + 4];
    const b1 = p[from + 5];
    const b2 = p[from + 6];
    const b3 = p[from + 7];
    for (let j = 0, at = 0; j < width; j++, at += 4) {
      const x = v[v0 + j];
      const y = v[v1 + j];
      o[at] += a0 * x + b0 * y;
      o[at + 1] += a1 * x + b1 * y;
      o[at + 2] += a2 * x + b2 * y;
      o[at + 3] += a3 * x + b3 * y;
    }
  }
}

/** dv[s, j] += Σ_r p[s, r] o[j, r]. */
export function stripScatter(dv: Float64Array, p: Float64Array, o: Float64Array, width: number, lo: number, hi: number): void {
  for (let s = lo; s <= hi; s += 2) {
    const v0 = s * width;
    const v1 = v0 + width;
    const from = s * 4;
    const a0 = p[from];
    const a1 = p[from + 1];
    const a2 = p[from + 2];
    const a3 = p[from + 3];
    const b0 = p[from + 4];
    const b1 = p[from + 5];
    const b2 = p[from + 6];
    const b3 = p[from + 7];
    for (let j = 0, at = 0; j < width; j++, at += 4) {
      const o0 = o[at];
      const o1 = o[at + 1];
      const o2 = o[at + 2];
      const o3 = o[at + 3];
      dv[v0 + j] += a0 * o0 + a1 * o1 + a2 * o2 + a3 * o3;
      dv[v1 + j] += b0 * o0 + b1 * o1 + b2 * o2 + b3 * o3;
    }
  }
}
