// The memory plan: exact last uses, and the peak of what is alive. Decides micro-batches and recomputation, and drives the executor.

import { bytesOf } from "./node.ts";
import type { Graph, ValueId } from "./node.ts";

/**
 * For each node the values to dispose right after it: every value made by a node, except graph outputs, appears exactly once,
 * after its last use (after its own node when nothing uses it). Graph inputs belong to the caller and never appear.
 */
export function lastUses(graph: Graph): ValueId[][] {
  const last = lastNodes(graph);
  const kept = new Set(Object.values(graph.outputs));
  const free: ValueId[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) for (const value of node.outputs) if (!kept.has(value)) free[last[value]].push(value);
  return free;
}

/** Index of the last node that makes or uses each value; -1 for an input that nothing uses. */
function lastNodes(graph: Graph): Int32Array {
  const last = new Int32Array(graph.values.length).fill(-1);
  graph.nodes.forEach((node, i) => {
    for (const value of node.inputs) if (value !== null) last[value] = i;
    for (const value of node.outputs) last[value] = i;
  });
  return last;
}

/** Ops whose output is a view of their first input: it takes no memory of its own, and keeps that input's memory. */
const views: ReadonlySet<string> = new Set(["reshape"]);

export interface MemoryOptions {
  /** Values that exist whether or not the graph runs (weights, optimizer state): not counted. */
  readonly resident?: ReadonlySet<ValueId>;
}

/**
 * Bytes alive while each node runs: its inputs and outputs, all that is still needed, graph outputs from where they are made
 * to the end, and the graph inputs that are not resident all along. A view shares the memory of what it views.
 */
export function aliveBytes(graph: Graph, options: MemoryOptions = {}): number[] {
  const count = graph.nodes.length;
  const root = Int32Array.from(graph.values, (_, id) => id);
  for (const node of graph.nodes) if (views.has(node.op) && node.inputs[0] !== null) root[node.outputs[0]] = root[node.inputs[0]];

  const first = new Int32Array(graph.values.length).fill(-1);
  const last = new Int32Array(graph.values.length).fill(-1);
  const ends = lastNodes(graph);
  const use = (value: ValueId, from: number, to: number): void => {
    const owner = root[value];
    if (first[owner] < 0) first[owner] = from;
    last[owner] = Math.max(last[owner], to);
  };
  for (const value of Object.values(graph.inputs)) use(value, 0, count - 1);
  graph.nodes.forEach((node, i) => {
    for (const value of node.outputs) use(value, i, ends[value]);
  });
  for (const value of Object.values(graph.outputs)) use(value, Math.max(0, first[root[value]]), count - 1);

  const change = new Float64Array(count + 1);
  for (let value = 0; value < graph.values.length; value++) {
    if (root[value] !== value || first[value] < 0 || options.resident?.has(value)) continue;
    change[first[value]] += bytesOf(graph.values[value]);
    change[last[value] + 1] -= bytesOf(graph.values[value]);
  }
  let alive = 0;
  return Array.from({ length: count }, (_, i) => (alive += change[i]));
}

/** The largest of `aliveBytes`: what a run of the graph needs besides the resident values. */
export function peakBytes(graph: Graph, options: MemoryOptions = {}): number {
  return aliveBytes(graph, options).reduce((peak, bytes) => Math.max(peak, bytes), 0);
}
