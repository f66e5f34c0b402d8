// Text of a graph, for snapshots and `pt show`: one line a node, graph inputs by their names.

import type { Attribute, Graph, ValueId } from "./node.ts";
import { describeInfo } from "./verify.ts";

/**
 * `%12 = linear(%3, decoder.layers.0.mlp.up.weight) {…} : f32[16,128,512]  // decoder.layers.0.mlp`.
 * Values are numbered in the order of their nodes, so the text does not depend on the ids of a pass.
 */
export function printGraph(graph: Graph): string {
  const names = new Map<ValueId, string>();
  for (const [name, value] of Object.entries(graph.inputs)) names.set(value, nameText(name));
  let count = 0;
  for (const node of graph.nodes) for (const value of node.outputs) names.set(value, `%${count++}`);
  const name = (value: ValueId | null): string => (value === null ? "-" : (names.get(value) ?? `%?${value}`));
  const info = (value: ValueId): string => (graph.values[value] ? describeInfo(graph.values[value]) : "?");

  const lines = Object.values(graph.inputs).map((value) => `input ${name(value)} : ${info(value)}`);
  for (const node of graph.nodes) {
    const attributes = Object.keys(node.attributes).length ? ` ${printAttribute(node.attributes)}` : "";
    const scope = node.scope ? `  // ${node.scope}` : "";
    lines.push(`${node.outputs.map(name).join(", ")} = ${node.op}(${node.inputs.map(name).join(", ")})${attributes} : ${node.outputs.map(info).join(", ")}${scope}`);
  }
  for (const [output, value] of Object.entries(graph.outputs)) lines.push(`output ${nameText(output)} = ${name(value)} : ${info(value)}`);
  return `${lines.join("\n")}\n`;
}

/** Keys sorted; a long list shows its ends, so that a constant table does not fill a page. */
export function printAttribute(value: Attribute): string {
  if (Array.isArray(value)) {
    const list = value as readonly Attribute[];
    const shown = list.length > 8 ? [...list.slice(0, 3).map(printAttribute), `… ${list.length - 4} more …`, printAttribute(list[list.length - 1])] : list.map(printAttribute);
    return `[${shown.join(", ")}]`;
  }
  if (value !== null && typeof value === "object") {
    const record = value as { readonly [key: string]: Attribute };
    return `{${Object.keys(record).sort().map((key) => `${key}: ${printAttribute(record[key])}`).join(", ")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function nameText(name: string): string {
  return /^[\w.:\-]+$/.test(name) ? name : JSON.stringify(name);
}
