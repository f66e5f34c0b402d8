// The order in which a session runs nodes, and which of them run as one call.

import type { Node, ValueId } from "../compiler/graph/node.ts";

/**
 * Groups of nodes in the order in which they run. A node of an op in `joined` waits for later nodes of that op, until one needs what
 * a waiting one makes; every other node is a group by itself.
 */
export function schedule(nodes: readonly Node[], joined: { readonly has: (op: string) => boolean }): Node[][] {
  const groups: Node[][] = [];
  const waiting = new Map<string, Node[]>();
  const makers = new Map<ValueId, string>();
  const runWaiting = (op: string): void => {
    for (const node of waiting.get(op)!) for (const value of node.outputs) makers.delete(value);
    groups.push(waiting.get(op)!);
    waiting.delete(op);
  };
  for (const node of nodes) {
    for (const value of node.inputs) if (value !== null && makers.has(value)) runWaiting(makers.get(value)!);
    if (!joined.has(node.op)) {
      groups.push([node]);
      continue;
    }
    for (const value of node.outputs) makers.set(value, node.op);
    const alike = waiting.get(node.op);
    if (alike) alike.push(node);
    else waiting.set(node.op, [node]);
  }
  for (const op of [...waiting.keys()]) runWaiting(op);
  return groups;
}
