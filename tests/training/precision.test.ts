// `precision: bf16` in training: the plan says it, and the loss falls as it does in float32.

import { expect, test } from "vitest";
import { withPrecision } from "../../compiler/graph/precision.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { backends } from "../../runtime/backends/index.ts";
import { openSession } from "../../runtime/session.ts";
import { initialParameters, initialState } from "../../runtime/training/parameters.ts";
import { createTrainer } from "../../runtime/training/trainer.ts";
import { planOf } from "../harness/compiling.ts";
import { batchOf } from "../objectives/plans.ts";
import { tinyPlan } from "./tiny-plan.ts";

const source = (precision: string): string => `
import { gpt2 } from "ptarmigan/gpt2.pt"
data text { files: "*.txt" format: lines }
tokenizer words { kind: bpe(vocab: 300) trained_on: text special: [<pad>, <eos>] }
pretrain step {
  model: gpt2(layers: 1, width: 16, heads: 2, context: 8, drop: 0%)
  tokenizer: words
  data: text
  objective: causal_lm
  batch: 2 examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
  precision: ${precision}
}
`;

test("a plan's products carry the precision, in every graph of a model; f32 leaves no trace", () => {
  const precise = planOf(source("bf16"));
  for (const graph of [precise.graphs.train, precise.graphs.evaluate, precise.graphs.prefill!, precise.graphs.decode!]) {
    const products = graph.nodes.filter(({ op }) => /^(linear|matmul|attention)/.test(op));
    expect(products.length).toBeGreaterThan(4);
    expect(products.every(({ attributes }) => attributes.precision === "bf16")).toBe(true);
    expect(graph.nodes.filter(({ attributes }) => attributes.precision !== undefined)).toEqual(products);
  }
  expect(precise.precision).toBe("bf16");
  expect(planOf(precise.spec).hash).toBe(precise.hash);
  expect(JSON.stringify(planOf(source("f32")).graphs)).not.toContain("precision");
});

for (const word of ["cpu", "native"] as const) {
  test(`losses of 30 steps stay within a percent of float32's on ${word}`, async (context) => {
    if ((await backends[word].available()) !== null) context.skip(`no ${word} here`);
    const plan = tinyPlan({ layers: 2, width: 32, heads: 2, length: 16, vocab: 50, batch: 4, micro: 4 });
    const [single, half] = [await losses(word, plan), await losses(word, { ...plan, graphs: { ...plan.graphs, train: withPrecision(plan.graphs.train, "bf16") } })];
    expect(single[29]).toBeLessThan(0.8 * single[0]);
    expect(half).not.toEqual(single);
    half.forEach((loss, step) => expect(Math.abs(loss / single[step] - 1), `step ${step}`).toBeLessThan(0.01));
  });
}

async function losses(word: string, plan: Plan): Promise<number[]> {
  const session = await openSession(word);
  const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan));
  const size = 4 * 16;
  const tokens = Int32Array.from({ length: size }, (_, i) => (i * 7) % 50);
  const batch = batchOf(4, { tokens, "lm.targets": tokens.map((id) => (id + 7) % 50), positions: tokens.map((_, i) => i % 16), real: new Int32Array(size).fill(1), documents: new Int32Array(size), "lm.weights": new Float32Array(size).fill(1) });
  const seen: number[] = [];
  for (let step = 1; step <= 30; step++) {
    const { loss, gradients } = await trainer.gradients(batch, step, 0);
    await trainer.update(gradients, 1e-2, step);
    seen.push(loss);
  }
  trainer.dispose();
  return seen;
}
