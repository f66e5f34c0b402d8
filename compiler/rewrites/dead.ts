// dead: nodes that no output of the graph depends on.

import type { Graph } from "../graph/node.ts";
import { compact } from "./_compact.ts";
import { defineFamily, floatInput } from "./define.ts";

export const dead = defineFamily({
  word: "dead",
  doc: "Removes nodes that no output depends on. Named inputs stay, used or not.",
  rows: [
    {
      title: "unused node removed",
      rewrite: (graph, fire) => {
        const needed = neededNodes(graph);
        graph.nodes.forEach((node, i) => {
          if (!needed[i]) fire(node.scope);
        });
        return compact(graph, graph.nodes.filter((_, i) => needed[i]));
      },
      example: (b) => {
        const x = floatInput(b, "x", 3);
        b.square(b.scale(x, { factor: 2 }));
        b.output("y", b.shift(x, { by: 1 }));
      },
    },
  ],
});

function neededNodes(graph: Graph): Uint8Array {
  const wanted = new Uint8Array(graph.values.length);
  const needed = new Uint8Array(graph.nodes.length);
  for (const value of Object.values(graph.outputs)) wanted[value] = 1;
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const { inputs, outputs } = graph.nodes[i];
    if (!outputs.some((value) => wanted[value])) continue;
    needed[i] = 1;
    for (const value of inputs) if (value !== null) wanted[value] = 1;
  }
  return needed;
}
