// Every rewrite, from its own example: it fires, values stay, and it comes to an end.

import { describe, expect, it } from "vitest";
import { verify } from "../../compiler/graph/verify.ts";
import { allFamilies, optimize } from "../../compiler/phases/5-optimize.ts";
import { rewrites } from "../../compiler/rewrites/index.ts";
import { build, expectSame, inputsFor, run } from "../graph/values.ts";

const families = Object.entries(rewrites);

describe.each(families)("family %s", (word, family) => {
  it("is named by its word and is used", () => {
    expect(family.word).toBe(word);
    expect(allFamilies).toContain(family);
  });

  it.each(family.rows.map((row) => [row.title, row] as const))("%s", (title, row) => {
    const graph = build(row.example);
    expect(verify(graph)).toEqual([]);
    const fired: string[] = [];
    const alone = { word, doc: "", rows: [row] };
    const rewritten = optimize(graph, [alone], (firing) => fired.push(firing.title));
    expect(fired).toContain(title);
    expect(verify(rewritten)).toEqual([]);
    expect(Object.keys(rewritten.inputs)).toEqual(Object.keys(graph.inputs));
    const inputs = inputsFor(graph);
    expectSame(run(rewritten, inputs), run(graph, inputs), 1e-14);
    expect(optimize(rewritten, [alone])).toEqual(rewritten);

    const all = optimize(graph);
    expect(verify(all)).toEqual([]);
    expectSame(run(all, inputs), run(graph, inputs), 1e-14);
    expect(optimize(all)).toEqual(all);
  });
});

it("has unique titles", () => {
  const titles = families.flatMap(([, family]) => family.rows.map((row) => row.title));
  expect(new Set(titles).size).toBe(titles.length);
});
