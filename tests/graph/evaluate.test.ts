// evaluateGraph: values by hand, and refused inputs.

import { describe, expect, it } from "vitest";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import { build, run } from "./values.ts";

const graph = build((b) => {
  const x = b.input("x", { shape: [2, 2], dtype: "float32" });
  const y = b.input("y", { shape: [2], dtype: "float32" });
  const sum = b.add(x, y);
  b.output("sum", sum);
  b.output("total", b.sum_of_squares(sum));
  b.output("x again", x);
});

describe("evaluateGraph", () => {
  it("computes in float64", () => {
    const values = run(graph, new Map([["x", Float64Array.of(1, 2, 3, 4)], ["y", Float64Array.of(0.1, -2)]]));
    expect(values).toEqual({ sum: [1.1, 0, 3.1, 2], total: [1.1 * 1.1 + 3.1 * 3.1 + 4], "x again": [1, 2, 3, 4] });
  });

  it("refuses inputs that are missing, of another size or type", () => {
    const x = Float64Array.of(1, 2, 3, 4);
    expect(() => evaluateGraph(graph, new Map([["x", x]]))).toThrow("input `y` is missing");
    expect(() => evaluateGraph(graph, new Map([["x", x], ["y", x]]))).toThrow("input `y` has 4 elements, shape [2] has 2");
    expect(() => evaluateGraph(graph, new Map<string, Float64Array | Int32Array>([["x", x], ["y", Int32Array.of(1, 2)]]))).toThrow("input `y` is not float32");
  });
});
