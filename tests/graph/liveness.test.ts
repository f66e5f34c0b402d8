// Liveness: last uses and bytes of small graphs, counted by hand.

import { describe, expect, it } from "vitest";
import { aliveBytes, lastUses, peakBytes } from "../../compiler/graph/liveness.ts";
import { build } from "./values.ts";

describe("liveness", () => {
  // ids: x 0, w 1, a 2, b 3, unused 4, y 5
  const graph = build((b) => {
    const x = b.input("x", { shape: [10], dtype: "float32" });
    const w = b.input("w", { shape: [10], dtype: "float32" });
    const a = b.square(x);
    const c = b.multiply(a, w);
    b.square(c);
    b.output("y", b.add(c, a));
    b.output("a", a);
  });

  it("frees each value after its last use, and neither inputs nor outputs", () => expect(lastUses(graph)).toEqual([[], [], [4], [3]]));

  it("adds up what is alive", () => {
    // x and w all along; a; + c; + unused; unused freed, + y
    expect(aliveBytes(graph)).toEqual([120, 160, 200, 200]);
    expect(aliveBytes(graph, { resident: new Set([0, 1]) })).toEqual([40, 80, 120, 120]);
    expect(peakBytes(graph, { resident: new Set([1]) })).toBe(160);
  });

  it("counts a reshape as a view that keeps its source", () => {
    const views = build((b) => {
      const a = b.square(b.input("x", { shape: [2, 5], dtype: "float32" }));
      const flat = b.reshape(a, { shape: [10] });
      const y = b.sum_of_squares(b.scale(flat, { factor: 2 }));
      b.output("y", b.add(y, b.sum_of_squares(flat)));
    });
    // square; reshape; scale; sum; sum; add
    expect(aliveBytes(views, { resident: new Set([0]) })).toEqual([40, 40, 80, 84, 48, 12]);
  });

  it("keeps an output that is a view, and an input that is an output", () => {
    const graph2 = build((b) => {
      const x = b.input("x", { shape: [4], dtype: "float32" });
      b.output("same", x);
      b.output("flat", b.reshape(b.square(x), { shape: [2, 2] }));
      b.output("z", b.scale(x, { factor: 2 }));
    });
    expect(lastUses(graph2)).toEqual([[], [1], []]);
    expect(aliveBytes(graph2)).toEqual([32, 32, 48]);
    expect(aliveBytes(graph2, { resident: new Set([0]) })).toEqual([16, 16, 32]);
  });

  it("is zero for a graph without nodes", () => expect(peakBytes(build(() => {}))).toBe(0));
});
