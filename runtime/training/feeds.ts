// From a batch to what a graph takes: rows cut to its number of examples, inputs by name, only those that it declares.

import type { Graph } from "../../compiler/graph/node.ts";
import { isOfPairs, type Batch } from "../data/fields.ts";
import type { Feed } from "../session.ts";

/** Examples that one run of the graph takes: the first axis of its token ids or images; of a preference pairs of them. */
export function examplesOf(graph: Graph): number {
  const pairs = Object.entries(graph.inputs).find(([name]) => isOfPairs(name));
  if (pairs) return graph.values[pairs[1]].shape[0];
  for (const [name, value] of Object.entries(graph.inputs)) {
    const { shape, dtype } = graph.values[value];
    if ((/(^|\.)tokens$/.test(name) && dtype === "int32") || (/(^|\.)pixels$/.test(name) && shape.length === 4)) return shape[0];
  }
  throw new Error("the graph has no input `tokens` or `pixels`");
}

/**
 * Feeds of the batch's rows `row` … `row + examples − 1`. Rows beyond the batch repeat its last one as padding, with weight 0.
 * `counts` divide the losses, of heads and of lessons; `random` is [seed low, seed high, step, number of the first example].
 */
export function batchFeeds(graph: Graph, batch: Batch, row: number, extra: { readonly counts?: Batch["counts"]; readonly random?: Int32Array } = {}): Map<string, Feed> {
  const examples = examplesOf(graph);
  const feeds = new Map<string, Feed>();
  const inside = Math.min(examples, batch.examples - row);
  for (const [name, { data, row: size }] of batch.fields) {
    if (!Object.hasOwn(graph.inputs, name)) continue;
    if (inside === examples) {
      feeds.set(name, data.subarray(row * size, (row + examples) * size));
      continue;
    }
    const cut = data instanceof Float32Array ? new Float32Array(examples * size) : new Int32Array(examples * size);
    cut.set(data.subarray(row * size, (row + inside) * size));
    if (!/(^|\.)(weights|real)$/.test(name)) for (let at = inside; at < examples; at++) cut.set(data.subarray((batch.examples - 1) * size, batch.examples * size), at * size);
    feeds.set(name, cut);
  }
  for (const loss of Object.keys({ ...batch.counts, ...extra.counts })) {
    if (Object.hasOwn(graph.inputs, `${loss}.count`)) feeds.set(`${loss}.count`, Float32Array.of(extra.counts?.[loss] ?? 1));
  }
  if (Object.hasOwn(graph.inputs, "random")) feeds.set("random", extra.random ?? new Int32Array(4));
  return feeds;
}

/** The graph's input `random`: two words of the seed, the step, and the global number of the first example modulo 2^31. */
export function randomFeed(seed: number, step: number, example: number): Int32Array {
  return Int32Array.of(seed | 0, Math.floor(seed / 2 ** 32) | 0, step | 0, example % 2 ** 31);
}
