// Which nodes a session runs as one call: those of one op that need nothing of each other.

import { expect, test } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import type { Graph } from "../../compiler/graph/node.ts";
import { loadBinding } from "../../runtime/backends/native/_binding.ts";
import { schedule } from "../../runtime/schedule.ts";
import { openSession } from "../../runtime/session.ts";
import { randomUpdate } from "./native/random.ts";

const wordsOf = ({ nodes }: Graph, ...joined: string[]): string[] => schedule(nodes, new Set(joined)).map((group) => group.map(({ op }) => op).join(" "));

/** Two squares, something between, a square of a square. */
function squares(): Graph {
  const b = createBuilder();
  const [x, y] = ["x", "y"].map((name) => b.input(name, { shape: [3], dtype: "float32" }));
  const first = b.square(x);
  const other = b.scale(y, { factor: 2 });
  const second = b.square(other);
  b.output("sum", b.add(b.square(first), second));
  return b.finish();
}

test("a node waits for others of its op until its result is needed", () => {
  expect(wordsOf(squares(), "square")).toEqual(["scale", "square square", "square", "add"]);
  expect(wordsOf(squares())).toEqual(["square", "scale", "square", "square", "add"]);
});

test("two ops may wait for each other's results", () => {
  expect(wordsOf(squares(), "square", "scale")).toEqual(["scale", "square square", "square", "add"]);
});

const found = loadBinding();
test.skipIf(typeof found === "string")(`updates together and one at a time give the same bits${typeof found === "string" ? ` (skipped: ${found})` : ""}`, async () => {
  const session = await openSession("native");
  for (let seed = 1; seed <= 5; seed++) {
    const { graph, feeds } = randomUpdate(seed);
    expect(wordsOf(graph, "adamw", "sum_of_squares").length).toBeLessThan(graph.nodes.length);
    const together = session.program(graph).run(feeds);
    const alone = new Map<number, Float32Array | Int32Array>(Object.entries(graph.inputs).map(([name, value]) => [value, feeds.get(name)!]));
    for (const node of graph.nodes) {
      const named = (values: readonly (number | null)[]): Record<string, number> => Object.fromEntries(values.filter((value) => value !== null).map((value) => [String(value), value]));
      const [inputs, outputs] = [named(node.inputs), named(node.outputs)];
      const results = session.program({ ...graph, nodes: [node], inputs, outputs }).run(new Map(Object.entries(inputs).map(([name, value]) => [name, alone.get(value)!])));
      for (const [name, handle] of results) alone.set(outputs[name], await session.read(handle));
      session.dispose(results.values());
    }
    for (const [name, value] of Object.entries(graph.outputs)) expect(await session.read(together.get(name)!), `seed ${seed}: ${name}`).toEqual(alone.get(value));
    session.dispose(together.values());
  }
});
