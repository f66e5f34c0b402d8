// Attention and its gradient from matrix products and softmax rows, in strips of queries over the keys that their rows span.
// The formulas are those of compiler/ops/attention.ts and attention_gradient.ts.
// B batch, T queries, S keys, H heads, G key/value heads, W width of a query or key head, V of a value head. Addresses in bytes.

import type { AttentionOptions, AttentionSizes } from "../../../compiler/ops/_attention.ts";
import { attentionSizes } from "../../../compiler/ops/_attention.ts";
import type { MaskFacts, MaskRows } from "../../../compiler/ops/_attention_mask.ts";
import { keyRanges, maskRows } from "../../../compiler/ops/_attention_mask.ts";
import type { Tensor } from "../../../compiler/ops/define.ts";
import type { Kernel } from "../define.ts";
import { keepFactors } from "./dropout.ts";
import type { KernelContext } from "./kernels.ts";

/** Longer strips use the products better, shorter ones skip more of a causal mask. */
const rowsOfStrip = 32;

type Facts = readonly (Tensor | null | undefined)[];

function factsOf(context: KernelContext, [real, documents, key_documents, prefix, offset]: Facts): MaskFacts {
  const view = (tensor: Tensor | null | undefined): ArrayLike<number> | undefined => tensor ? context.memory.view(tensor) : undefined;
  return { real: view(real), documents: view(documents), key_documents: view(key_documents), prefix: view(prefix), offset: view(offset) };
}

/** Fewer keys than this between two ranges cost less than another product. */
const shortestGap = 32;

interface Range { readonly from: number; readonly count: number }

/** Keys that the strip's rows see, in ranges that begin with a panel of eight; none when no row sees a key. */
function rangesOf(rows: MaskRows, t0: number, t1: number, S: number): Range[] {
  const found = keyRanges(rows, t0, t1, S, shortestGap);
  return Array.from({ length: found.length / 2 }, (_, n) => {
    const from = found[2 * n] - (found[2 * n] % 8);
    return { from, count: found[2 * n + 1] + 1 - from };
  });
}

/** Zeros between the ranges, in rows of scores that begin with the first of them. */
function clearGaps(heap: Float32Array, at: number, pitch: number, strip: number, ranges: readonly Range[]): void {
  for (let n = 1; n < ranges.length; n++) {
    const [from, to] = [ranges[n - 1].from + ranges[n - 1].count - ranges[0].from, ranges[n].from - ranges[0].from];
    for (let r = 0; r < strip; r++) heap.fill(0, (at + r * pitch) / 4 + from, (at + r * pitch) / 4 + to);
  }
}

/** Scratch that both directions use, at its largest: rows of scores are `pitch` bytes apart. */
function scratchOf({ module }: KernelContext, { S, T, W, V }: AttentionSizes) {
  const padded = 8 * Math.ceil(S / 8);
  const depth = Math.max(S, W, V);
  const area = (name: string, floats: number): number => module.scratch(name, 4 * floats + 64);
  return {
    pitch: 4 * padded,
    keys: area("keys", padded * W), values: area("values", Math.max(S, V) * Math.max(padded, 8 * Math.ceil(V / 8))), plainKeys: area("plainKeys", S * 8 * Math.ceil(W / 8)),
    left: area("left", Math.max(padded, rowsOfStrip) * depth), right: area("right", rowsOfStrip * 8 * Math.ceil(Math.max(W, V) / 8)),
    scores: area("scores", rowsOfStrip * padded), products: area("products", rowsOfStrip * padded),
    mask: area("mask", T * padded), stats: area("stats", 2 * rowsOfStrip), keep: area("keep", padded), tile: module.scratch("tile", 128),
  };
}

/** Writes 0 and −∞ for the rows that are not dense; gives the address of each row's mask, 0 where it has none. */
function writeMask(heap: Float32Array, at: number, pitch: number, rows: MaskRows, S: number): (t: number) => number {
  if (rows.allowed) {
    for (let t = 0; t < rows.dense.length; t++) {
      if (rows.dense[t]) continue;
      const row = (at + t * pitch) / 4;
      for (let s = 0; s < S; s++) heap[row + s] = rows.allowed[t * S + s] ? 0 : -Infinity;
    }
  }
  return (t) => (rows.dense[t] ? 0 : at + t * pitch);
}

export const attention = (context: KernelContext): Kernel => ({ attributes }, infos) => {
  const options = attributes as unknown as AttentionOptions;
  // `evaluate` caps scores.
  if (options.softcap) return null;
  const sizes = attentionSizes(infos[0]!.shape, infos[1]!.shape, infos[2]!.shape, options);
  const { B, T, S, H, G, W, V } = sizes;
  const { functions: run } = context.module;
  return ([query, key, value, bias, ...facts], [out, log_sum]) => {
    const { pitch, keys, values, left, scores, mask, stats, keep, tile } = scratchOf(context, sizes);
    const [q, k, x, o, extra] = [query, key, value, out, bias].map((tensor) => (tensor ? context.address(tensor) : 0));
    const heap = context.module.heap();
    const sums = context.memory.view(log_sum);
    const random = facts[5] ? context.memory.view(facts[5]) : null;
    const rowsFor = maskRows(options.mask, T, S, factsOf(context, facts));
    if (T * S === 0) context.memory.view(out).fill(0);
    for (let b = 0; b < B; b++) {
      const rows = rowsFor(b);
      const maskOf = writeMask(heap, mask, pitch, rows, S);
      const strips = Array.from({ length: Math.ceil(T / rowsOfStrip) }, (_, i) => rangesOf(rows, i * rowsOfStrip, Math.min(T, (i + 1) * rowsOfStrip), S));
      for (let h = 0; h < H; h++) {
        const g = Math.floor((h * G) / H);
        if (h % (H / G) === 0) {
          run.pack8(keys, k + 4 * (b * S * G + g) * W, S, W, 4 * G * W, 4);
          run.pack8(values, x + 4 * (b * S * G + g) * V, V, S, 4, 4 * G * V);
        }
        for (let t0 = 0; t0 < T; t0 += rowsOfStrip) {
          const strip = Math.min(rowsOfStrip, T - t0);
          const ranges = strips[t0 / rowsOfStrip];
          const to = o + 4 * ((b * T + t0) * H + h) * V;
          if (ranges.length === 0) {
            for (let t = t0; t < t0 + strip; t++) {
              heap.fill(0, to / 4 + (t - t0) * H * V, to / 4 + (t - t0) * H * V + V);
              sums[(b * H + h) * T + t] = 0;
            }
            continue;
          }
          const lo = ranges[0].from;
          const count = ranges.at(-1)!.from + ranges.at(-1)!.count - lo;
          run.pack4(left, q + 4 * ((b * T + t0) * H + h) * W, strip, W, 4 * H * W, 4);
          for (const range of ranges) run.multiply(left, keys + 4 * range.from * W, 32 * W, scores + 4 * (range.from - lo), pitch, strip, range.count, W, 0, 0, tile);
          clearGaps(heap, scores, pitch, strip, ranges);
          for (let r = 0; r < strip; r++) {
            const t = t0 + r;
            const row = (h * T + t) * S + lo;
            if (rows.last[t] < rows.first[t]) {
              heap.fill(0, (scores + r * pitch) / 4, (scores + r * pitch) / 4 + count);
              sums[(b * H + h) * T + t] = 0;
              continue;
            }
            const maskRow = maskOf(t);
            run.softmax_row(scores + r * pitch, rows.first[t] - lo, rows.last[t] - lo, count, extra && extra + 4 * row, maskRow && maskRow + 4 * lo, stats, options.scale);
            sums[(b * H + h) * T + t] = heap[stats / 4] + Math.log(heap[stats / 4 + 1]);
            if (options.dropout === 0) continue;
            const factors = keepFactors(context.module, keep, count, row, b, random!, options.dropout, options.site);
            run.multiply_by(scores + r * pitch, factors, scores + r * pitch, 1, count);
          }
          ranges.forEach((range, n) => {
            run.pack4(left, scores + 4 * (range.from - lo), strip, range.count, pitch, 4);
            run.multiply(left, values + 32 * range.from, 32 * S, to, 4 * H * V, strip, V, range.count, n ? 1 : 0, 0, tile);
          });
        }
      }
    }
  };
};

export const attention_gradient = (context: KernelContext): Kernel => ({ attributes }, infos) => {
  const options = attributes as unknown as AttentionOptions;
  // `evaluate` caps scores.
  if (options.softcap) return null;
  const sizes = attentionSizes(infos[0]!.shape, infos[1]!.shape, infos[2]!.shape, options);
  const { B, T, S, H, G, W, V } = sizes;
  const { functions: run } = context.module;
  return ([query, key, value, out, log_sum, dout, bias, ...facts], results) => {
    const { pitch, keys, values, plainKeys, left, right, scores, products, mask, stats, keep, tile } = scratchOf(context, sizes);
    const [q, k, x, o, d, extra] = [query, key, value, out, dout, bias].map((tensor) => (tensor ? context.address(tensor) : 0));
    const [dq, dk, dx, dbias] = results.map((tensor) => context.address(tensor));
    const heap = context.module.heap();
    for (const tensor of results) context.memory.view(tensor).fill(0);
    const sums = context.memory.view(log_sum!);
    const random = facts[5] ? context.memory.view(facts[5]) : null;
    const rowsFor = maskRows(options.mask, T, S, factsOf(context, facts));
    for (let b = 0; b < B; b++) {
      const rows = rowsFor(b);
      const maskOf = writeMask(heap, mask, pitch, rows, S);
      const strips = Array.from({ length: Math.ceil(T / rowsOfStrip) }, (_, i) => rangesOf(rows, i * rowsOfStrip, Math.min(T, (i + 1) * rowsOfStrip), S));
      for (let h = 0; h < H; h++) {
        const g = Math.floor((h * G) / H);
        const [fromKey, fromValue] = [4 * (b * S * G + g) * W, 4 * (b * S * G + g) * V];
        if (h % (H / G) === 0) {
          run.pack8(keys, k + fromKey, S, W, 4 * G * W, 4);
          run.pack8(plainKeys, k + fromKey, W, S, 4, 4 * G * W);
          run.pack8(values, x + fromValue, S, V, 4 * G * V, 4);
        }
        for (let t0 = 0; t0 < T; t0 += rowsOfStrip) {
          const strip = Math.min(rowsOfStrip, T - t0);
          const ranges = strips[t0 / rowsOfStrip];
          if (ranges.length === 0) continue;
          const lo = ranges[0].from;
          const count = ranges.at(-1)!.from + ranges.at(-1)!.count - lo;
          const [fromQuery, fromOut] = [4 * ((b * T + t0) * H + h) * W, 4 * ((b * T + t0) * H + h) * V];
          run.pack4(left, q + fromQuery, strip, W, 4 * H * W, 4);
          for (const { from, count: n } of ranges) run.multiply(left, keys + 4 * from * W, 32 * W, scores + 4 * (from - lo), pitch, strip, n, W, 0, 0, tile);
          run.pack4(left, d + fromOut, strip, V, 4 * H * V, 4);
          for (const { from, count: n } of ranges) run.multiply(left, values + 4 * from * V, 32 * V, products + 4 * (from - lo), pitch, strip, n, V, 0, 0, tile);
          clearGaps(heap, scores, pitch, strip, ranges);
          clearGaps(heap, products, pitch, strip, ranges);
          for (let r = 0; r < strip; r++) {
            const t = t0 + r;
            const row = (h * T + t) * S + lo;
            // Such a row spans no key: all of it becomes zero.
            const empty = rows.last[t] < rows.first[t];
            run.dot(d + fromOut + 4 * r * H * V, o + fromOut + 4 * r * H * V, V, stats);
            const factors = options.dropout === 0 ? 0 : keepFactors(context.module, keep, count, row, b, random!, options.dropout, options.site);
            const maskRow = empty ? 0 : maskOf(t);
            run.softmax_gradient_row(
              scores + r * pitch, products + r * pitch, empty ? 0 : rows.first[t] - lo, empty ? -1 : rows.last[t] - lo, count,
              extra && extra + 4 * row, maskRow && maskRow + 4 * lo, factors, extra && dbias + 4 * row,
              sums[(b * H + h) * T + t], heap[stats / 4], options.scale,
            );
          }
          ranges.forEach(({ from, count: n }, k) => {
            run.pack4(left, products + 4 * (from - lo), strip, n, pitch, 4);
            run.multiply(left, plainKeys + 32 * from, 32 * S, dq + fromQuery, 4 * H * W, strip, W, n, k ? 1 : 0, 0, tile);
          });
          run.pack8(right, q + fromQuery, W, strip, 4, 4 * H * W);
          for (const { from, count: n } of ranges) {
            run.pack4(left, products + 4 * (from - lo), n, strip, 4, pitch);
            run.multiply(left, right, 32 * strip, dk + fromKey + 4 * from * G * W, 4 * G * W, n, W, strip, 1, 0, tile);
          }
          run.pack8(right, d + fromOut, V, strip, 4, 4 * H * V);
          for (const { from, count: n } of ranges) {
            run.pack4(left, scores + 4 * (from - lo), n, strip, 4, pitch);
            run.multiply(left, right, 32 * strip, dx + fromValue + 4 * from * G * V, 4 * G * V, n, V, strip, 1, 0, tile);
          }
        }
      }
    }
  };
};
