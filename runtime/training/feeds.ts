// From a batch to what a graph takes: rows cut to its number of examples, inputs by name, only those that it declares.

import type { Graph } from "../../compiler/graph/node.ts";
import type { Batch } from "../data/batch.ts";
import type { Feed } from "../session.ts";

const fields = ["tokens", "targets", "positions", "real", "documents", "weights"] as const;

/** Examples that one run of the graph takes: the first axis of `tokens`. */
export function examplesOf(graph: Graph): number {
  const tokens = graph.inputs.tokens;
  if (tokens === undefined) throw new Error("the graph has no input `tokens`");
  return graph.values[tokens].shape[0];
}

/**
 * Feeds of the batch's rows `row` … `row + examples − 1`. Rows beyond the batch repeat its last one with weight 0.
 * `count` divides the loss; `random` is [seed low, seed high, step, number of the first example].
 */
export function batchFeeds(graph: Graph, batch: Batch, row: number, extra: { readonly count?: number; readonly random?: Int32Array } = {}): Map<string, Feed> {
  const examples = examplesOf(graph);
  const feeds = new Map<string, Feed>();
  const { length } = batch;
  const inside = Math.min(examples, batch.examples - row);
  for (const name of fields) {
    if (!Object.hasOwn(graph.inputs, name)) continue;
    const all = batch[name];
    if (inside === examples) {
      feeds.set(name, all.subarray(row * length, (row + examples) * length));
      continue;
    }
    const cut = all instanceof Float32Array ? new Float32Array(examples * length) : new Int32Array(examples * length);
    cut.set(all.subarray(row * length, (row + inside) * length));
    if (name !== "weights") for (let at = inside; at < examples; at++) cut.set(all.subarray((batch.examples - 1) * length, batch.examples * length), at * length);
    feeds.set(name, cut);
  }
  if (Object.hasOwn(graph.inputs, "count")) feeds.set("count", Float32Array.of(extra.count ?? 1));
  if (Object.hasOwn(graph.inputs, "random")) feeds.set("random", extra.random ?? new Int32Array(4));
  return feeds;
}

/** The graph's input `random`: two words of the seed, the step, and the global number of the first example modulo 2^31. */
export function randomFeed(seed: number, step: number, example: number): Int32Array {
  return Int32Array.of(seed | 0, Math.floor(seed / 2 ** 32) | 0, step | 0, example % 2 ** 31);
}
