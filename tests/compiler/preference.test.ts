// Preferences from logits: log-probabilities of texts, and the gradient of the whole against finite differences.

import { expect, test } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { evaluateGraph, type OracleData } from "../../compiler/graph/evaluate.ts";
import { differentiate } from "../../compiler/phases/4-differentiate.ts";
import { optimize } from "../../compiler/phases/5-optimize.ts";
import { preferenceLoss, textLogProbabilities } from "../../compiler/preference.ts";
import { normals } from "../harness/random.ts";

const [pairs, length, vocab] = [2, 3, 4];
const targets = { chosen: Int32Array.of(1, 0, -100, 3, 2, 1), rejected: Int32Array.of(2, -100, -100, 0, 0, 3) };
const sides = ["chosen", "rejected"] as const;

function values(loss: "sigmoid" | "ipo", logits: Record<string, Float64Array>): Map<string, OracleData> {
  const b = createBuilder();
  const fields = new Map<string, OracleData>([["weights", Float64Array.of(1, 0.5)], ["reference_chosen", Float64Array.of(-3, -2.5)], ["reference_rejected", Float64Array.of(-1, -4)]]);
  const input = (name: string, shape: number[], data: OracleData) => (fields.set(name, data), b.input(name, { shape, dtype: data instanceof Int32Array ? "int32" : "float32" }));
  const [chosen, rejected] = sides.map((side) => textLogProbabilities(b, input(`${side}.logits`, [pairs, length, vocab], logits[side]), input(`${side}.targets`, [pairs, length], targets[side]), input(`${side}.weights`, [pairs, length], Float64Array.from(targets[side], (id) => (id < 0 ? 0 : 1)))));
  const rows = (name: string) => b.input(name, { shape: [pairs], dtype: "float32" });
  const { sum } = preferenceLoss(b, { policy: { chosen, rejected }, reference: { chosen: rows("reference_chosen"), rejected: rows("reference_rejected") }, weights: rows("weights") }, { beta: 0.3, label_smoothing: 0.1, loss });
  const { inputs } = b.finish();
  for (const [i, gradient] of differentiate(b, sum, sides.map((side) => inputs[`${side}.logits`])).entries()) b.output(`gradient:${sides[i]}`, gradient!);
  for (const [name, value] of Object.entries({ sum, chosen, rejected })) b.output(name, value);
  return evaluateGraph(optimize(b.finish()), fields);
}

test.each(["sigmoid", "ipo"] as const)("%s", (loss) => {
  const logits = Object.fromEntries(sides.map((side) => [side, normals(pairs * length * vocab, 4, side)]));
  const found = values(loss, logits);
  for (const side of sides) {
    const byHand = Array.from({ length: pairs }, (_, row) => Array.from({ length }, (_, t) => {
      const [at, id] = [(row * length + t) * vocab, targets[side][row * length + t]];
      return id < 0 ? 0 : logits[side][at + id] - Math.log([...logits[side].subarray(at, at + vocab)].reduce((sum, x) => sum + Math.exp(x), 0));
    }).reduce((sum, x) => sum + x));
    byHand.forEach((value, row) => expect(found.get(side)![row]).toBeCloseTo(value, 12));
    found.get(`gradient:${side}`)!.forEach((gradient: number, i: number) => {
      const value = logits[side][i];
      const [above, below] = [1e-5, -1e-5].map((step) => {
        logits[side][i] = value + step;
        return values(loss, logits).get("sum")![0];
      });
      logits[side][i] = value;
      expect(Math.abs(gradient - (above - below) / 2e-5), `${side}[${i}]`).toBeLessThan(1e-7);
    });
  }
});
