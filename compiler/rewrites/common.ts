// common: the same op on the same inputs with the same attributes is computed once. Every op is pure, dropout included
// (its bits depend only on counters), so this always holds.

import type { Attribute, Graph, Node, ValueId } from "../graph/node.ts";
import { isAgain } from "../graph/scopes.ts";
import { sameInfo } from "../graph/verify.ts";
import { compact } from "./_compact.ts";
import { defineFamily, floatInput } from "./define.ts";

export const common = defineFamily({
  word: "common",
  doc: "Computes equal subexpressions once.",
  rows: [
    {
      title: "computed once",
      rewrite: shareEqual,
      example: (b) => {
        const x = floatInput(b, "x", 3);
        const y = floatInput(b, "y", 3);
        b.output("z", b.multiply(b.square(b.add(x, y)), b.square(b.add(y, x))));
      },
    },
  ],
});

/** Value numbering: a node is known by its op, inputs and attributes. */
function shareEqual(graph: Graph, fire: (scope: string) => void): Graph {
  const renamed = Int32Array.from(graph.values, (_, id) => id);
  const known = new Map<string, Node>();
  const nodes: Node[] = [];
  for (const old of graph.nodes) {
    const inputs = old.inputs.map((value) => (value === null ? null : renamed[value]));
    const key = keyOf(old, inputs, graph);
    const earlier = known.get(key);
    if (earlier) {
      old.outputs.forEach((value, i) => (renamed[value] = earlier.outputs[i]));
      fire(old.scope);
    } else {
      const node = { ...old, inputs };
      known.set(key, node);
      nodes.push(node);
    }
  }
  if (nodes.length === graph.nodes.length) return graph;
  const outputs = Object.fromEntries(Object.entries(graph.outputs).map(([name, value]) => [name, renamed[value]]));
  return compact({ ...graph, outputs }, nodes);
}

const commutative: ReadonlySet<string> = new Set(["add", "multiply"]);

function keyOf(node: Node, inputs: readonly (ValueId | null)[], graph: Graph): string {
  let ordered = inputs;
  if (commutative.has(node.op)) {
    const [x, y] = inputs as readonly ValueId[];
    if (y < x && sameInfo(graph.values[x], graph.values[y])) ordered = [y, x];
  }
  // A node repeated for the backward pass is not the same as the forward node: merging them would keep the forward value alive.
  return `${node.op}${isAgain(node.scope) ? "@" : "|"}${ordered.join(",")}|${textOf(node.attributes)}`;
}

const texts = new WeakMap<object, string>();

/** Attributes as text with sorted keys; most nodes of one op share few distinct attribute objects. */
function textOf(value: Attribute): string {
  if (value === null || typeof value !== "object") return Object.is(value, -0) ? "-0" : JSON.stringify(value);
  let text = texts.get(value);
  if (text === undefined) {
    text = Array.isArray(value)
      ? `[${(value as readonly Attribute[]).map(textOf).join(",")}]`
      : `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => `${key}:${textOf(item)}`).join(",")}}`;
    texts.set(value, text);
  }
  return text;
}
