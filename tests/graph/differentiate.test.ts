// Differentiation and recomputation of small graphs; random ones are in tests/properties/graph.test.ts.

import { describe, expect, it } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import type { Builder } from "../../compiler/graph/builder-types.ts";
import { peakBytes } from "../../compiler/graph/liveness.ts";
import type { Graph, ValueId } from "../../compiler/graph/node.ts";
import { isAgain, layerOf } from "../../compiler/graph/scopes.ts";
import { verify } from "../../compiler/graph/verify.ts";
import { differentiate } from "../../compiler/phases/4-differentiate.ts";
import type { DifferentiateOptions } from "../../compiler/phases/4-differentiate.ts";
import { optimize } from "../../compiler/phases/5-optimize.ts";
import { inputsFor, run } from "./values.ts";

const float = (b: Builder, name: string, ...shape: number[]): ValueId => b.input(name, { shape, dtype: "float32" });

/** f = Σ (x w)², with x used twice. */
function squares(options: DifferentiateOptions = {}): Graph {
  const b = createBuilder();
  const [x, w, other] = [float(b, "x", 3), float(b, "w", 3), float(b, "other", 2)];
  const loss = b.within("body", () => b.sum_of_squares(b.multiply(b.multiply(x, w), x)));
  const [dx, dw, dOther] = differentiate(b, loss, [x, w, other], options);
  expect(dOther).toBeNull();
  b.output("dx", dx as ValueId);
  b.output("dw", dw as ValueId);
  return b.finish();
}

describe("differentiate", () => {
  it("adds up the gradients of a value that is used twice", () => {
    const values = run(squares(), new Map([["x", Float64Array.of(2, 0, -1)], ["w", Float64Array.of(1, 5, 3)], ["other", new Float64Array(2)]]));
    // f = Σ x⁴ w²: df/dx = 4 x³ w², df/dw = 2 x⁴ w
    expect(values).toEqual({ dx: [32, 0, -36], dw: [32, 0, 6] });
  });

  it("files gradient nodes under their forward node", () => {
    expect(new Set(squares().nodes.map((node) => node.scope))).toEqual(new Set(["body", "loss"]));
  });

  it("gives the loss itself 1, a value beyond it nothing, and integers nothing", () => {
    const b = createBuilder();
    const x = float(b, "x");
    const ids = b.input("ids", { shape: [2], dtype: "int32" });
    const loss = b.sum_of_squares(b.embedding(b.reshape(x, { shape: [1, 1] }), ids, { padding: null }));
    const after = b.scale(loss, { factor: 2 });
    const [dLoss, dAfter, dIds, dx] = differentiate(b, loss, [loss, after, ids, x]);
    expect([dAfter, dIds]).toEqual([null, null]);
    b.output("dLoss", dLoss as ValueId);
    b.output("dx", dx as ValueId);
    expect(run(b.finish(), new Map<string, Float64Array | Int32Array>([["x", Float64Array.of(3)], ["ids", Int32Array.of(0, 0)]]))).toEqual({ dLoss: [1], dx: [12] });
  });

  it("takes a seed for a loss that is no scalar", () => {
    const b = createBuilder();
    const [x, seed] = [float(b, "x", 2), float(b, "seed", 2)];
    const y = b.square(x);
    expect(() => differentiate(b, y, [x])).toThrow("the loss is f32[2], not a float scalar");
    b.output("dx", differentiate(b, y, [x], { seed })[0] as ValueId);
    expect(run(b.finish(), new Map([["x", Float64Array.of(3, 4)], ["seed", Float64Array.of(1, 10)]]))).toEqual({ dx: [6, 80] });
  });

  it("follows only paths from what is wanted", () => {
    const b = createBuilder();
    const [x, w] = [float(b, "x", 2), float(b, "w", 2)];
    const before = b.nodes.length;
    const loss = b.sum_of_squares(b.add(b.square(b.square(w)), x));
    const forward = b.nodes.length - before;
    differentiate(b, loss, [x]);
    // Nothing for the squares of w: only the seed, the gradient of the sum and of the addition.
    expect(b.nodes.slice(before + forward).filter((node) => node.op === "square" || node.inputs.includes(w))).toEqual([]);
  });

  it("refuses what is not differentiable, only where a gradient is needed", () => {
    const b = createBuilder();
    const [x, step] = [float(b, "x", 2), float(b, "step")];
    const y = b.within("somewhere", () => b.multiply(x, b.bias_correction(step, { beta: 0.9 })));
    const loss = b.sum_of_squares(y);
    expect(differentiate(b, loss, [x])[0]).not.toBeNull();
    expect(() => differentiate(b, loss, [step])).toThrow("`bias_correction` (somewhere) is not differentiable");
  });
});

describe("recomputation", () => {
  /** A stack of layers that keep several activations each, with dropout. */
  function stack(layers: number, recompute?: DifferentiateOptions["recompute"]): Graph {
    const b = createBuilder();
    const random = b.input("random", { shape: [4], dtype: "int32" });
    let x = float(b, "x", 64, 16);
    const weights: ValueId[] = [];
    for (let i = 0; i < layers; i++) {
      b.within(`decoder.layers.${i}`, () => {
        const up = float(b, `${i}.up`, 64, 16);
        const down = float(b, `${i}.down`, 16, 64);
        weights.push(up, down);
        const hidden = b.within("mlp", () => b.dropout(b.activate(b.linear(x, up, null), { activation: "gelu" }), random, { rate: 0.1, site: i }));
        x = b.add(x, b.linear(hidden, down, null));
      });
    }
    const loss = b.sum_of_squares(x);
    b.output("loss", loss);
    differentiate(b, loss, weights, { recompute }).forEach((value, i) => b.output(`gradient ${i}`, value as ValueId));
    return b.finish();
  }

  it("gives the same bits, dropout included, in less memory", () => {
    const plain = optimize(stack(6));
    const again = optimize(stack(6, layerOf));
    expect(verify(again)).toEqual([]);
    const inputs = inputsFor(plain);
    expect(run(again, inputs)).toEqual(run(plain, inputs));
    const [before, after] = [plain, again].map((graph) => peakBytes(graph, { resident: new Set(Object.values(graph.inputs)) }));
    expect(after).toBeLessThan(before / 2);
  });

  it("is neither merged back nor does it repeat what the gradients do not need", () => {
    const again = optimize(stack(3, layerOf));
    const repeated = again.nodes.filter((node) => isAgain(node.scope)).map((node) => node.op);
    // Per layer: the first product with its activation, and the dropout; not the second product, not the sum.
    expect(repeated).toEqual(Array.from({ length: 3 }, () => ["linear_activate", "dropout"]).flat());
    expect(optimize(again)).toEqual(again);
  });

  it("leaves nodes outside of segments alone", () => {
    const none = stack(2, () => null);
    expect(none).toEqual(stack(2));
  });
});
