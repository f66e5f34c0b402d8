// Tasks that write texts overfit a few rows on every architecture that can write, and then write exactly what is right.

import { describe, expect, test } from "vitest";
import { chooseBackend } from "../../runtime/backends/_choose.ts";
import { openSession } from "../../runtime/session.ts";
import { evaluateTotals, metricValues } from "../../runtime/training/evaluate.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { initialParameters, initialState } from "../../runtime/training/parameters.ts";
import { createTrainer } from "../../runtime/training/trainer.ts";
import { planWrites } from "../../runtime/training/writing.ts";
import { planOf } from "../harness/compiling.ts";
import { folderOf } from "./specs.ts";
import { textCases, textSpec, writers, type Writer } from "./texts.ts";

async function overfitted(text: string, base: string, steps: number): Promise<{ before: number; after: number; metrics: Readonly<Record<string, number>>; answers: unknown[]; references: unknown[] }> {
  const plan = planOf(text, { run: "small" });
  const { tokenizer, data, evaluation } = await openInputs(plan, { base });
  const session = await openSession(await chooseBackend(undefined));
  const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan));
  try {
    const losses: number[] = [];
    const batch = data.batch(0, plan.batch.examples);
    for (let step = 1; step <= steps; step++) {
      const { loss, gradients } = await trainer.gradients(batch, step, 0);
      losses.push(loss);
      await trainer.update(gradients, 1e-2, step);
    }
    const parts = await evaluateTotals(session, session.program(plan.graphs.evaluate), trainer.weights, evaluation!, { write: planWrites(plan, tokenizer, session), fixed: trainer.fixed });
    const answered = parts.flatMap((part) => part.answers ?? []);
    return { before: losses[0], after: losses.at(-1)!, metrics: metricValues(plan.objective, parts, plan.evaluation!.metrics), answers: answered.map(({ prediction }) => prediction), references: answered.map(({ reference }) => (reference as string[])[0]) };
  } finally {
    trainer.dispose();
  }
}

describe.each(Object.keys(writers) as Writer[])("%s", (writer) => {
  const cases = writer === "encoder_decoder" ? ["spelled", "labelled"] : ["spelled", "labelled", "chat"];
  test.each(cases)("%s", async (name) => {
    const metric = name === "labelled" ? "metrics: [accuracy, exact_match, matthews]" : "metrics: [exact_match]";
    const { before, after, metrics, answers, references } = await overfitted(textSpec(writer, textCases[name], metric), folderOf(textCases[name]), 120);
    expect(after, `from ${before}`).toBeLessThan(0.02 * before);
    expect(answers).toEqual(references);
    expect(metrics.exact_match).toBe(1);
    if (name === "labelled") {
      expect(references).toEqual(["acceptable", "unacceptable", "acceptable", "unacceptable"]);
      expect(metrics).toMatchObject({ accuracy: 1, matthews: 1 });
    }
  });
});

test.each(["lora(rank: 4)", "adapter(8)", "prompt(4)"])("adapt: %s lowers the loss, and what is written fits it, placeholders in front included", async (adapt) => {
  for (const [writer, name] of [["decoder", "chat"], ["encoder_decoder", "spelled"]] as const) {
    const { before, after, answers } = await overfitted(textSpec(writer, textCases[name], `adapt: ${adapt}  metrics: [exact_match]`), folderOf(textCases[name]), 60);
    expect(after, `${name} from ${before}`).toBeLessThan(0.95 * before);
    expect(answers).toHaveLength(4);
  }
});
