// Floating-point operations and bytes moved: by node, by scope, in all.

import { namedInputs, opOf } from "./builder.ts";
import { bytesOf } from "./node.ts";
import type { Graph } from "./node.ts";
import { enclosingScopes, isAgain } from "./scopes.ts";

export interface Cost { readonly flops: number; readonly bytes: number }

export interface GraphCosts {
  /** In the order of the graph's nodes. */
  readonly nodes: readonly Cost[];
  /** By path, everything below included: `decoder`, `decoder.layers`, `decoder.layers.3`, … */
  readonly scopes: { readonly [path: string]: Cost };
  readonly total: Cost;
  /** The part of `total` that repeats forward work for the backward pass. */
  readonly recomputed: Cost;
}

export function costsOf(graph: Graph): GraphCosts {
  const scopes: Record<string, { flops: number; bytes: number }> = Object.create(null);
  const total = { flops: 0, bytes: 0 };
  const recomputed = { flops: 0, bytes: 0 };
  const paths = new Map<string, string[]>();
  const nodes = graph.nodes.map((node) => {
    const definition = opOf(node.op);
    const infos = node.inputs.map((value) => (value === null ? null : graph.values[value]));
    const outputs = node.outputs.map((value) => graph.values[value]);
    const inputs = namedInputs(definition, infos) as never;
    const cost: Cost = {
      flops: definition.flops(inputs, outputs, node.attributes as never),
      bytes: definition.bytes?.(inputs, outputs, node.attributes as never) ?? [...infos, ...outputs].reduce((sum, info) => sum + (info ? bytesOf(info) : 0), 0),
    };
    let path = paths.get(node.scope);
    if (!path) paths.set(node.scope, (path = enclosingScopes(node.scope)));
    for (const scope of path) addTo((scopes[scope] ??= { flops: 0, bytes: 0 }), cost);
    addTo(total, cost);
    if (isAgain(node.scope)) addTo(recomputed, cost);
    return cost;
  });
  return { nodes, scopes: { ...scopes }, total, recomputed };
}

function addTo(sum: { flops: number; bytes: number }, cost: Cost): void {
  sum.flops += cost.flops;
  sum.bytes += cost.bytes;
}
