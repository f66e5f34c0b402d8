// Every task overfits a few rows on every kind of architecture, and then predicts exactly their right answers.

import { describe, expect, test } from "vitest";
import { chooseBackend } from "../../runtime/backends/_choose.ts";
import { openSession } from "../../runtime/session.ts";
import { evaluateTotals, metricValues } from "../../runtime/training/evaluate.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { initialParameters, initialState } from "../../runtime/training/parameters.ts";
import { createTrainer } from "../../runtime/training/trainer.ts";
import { planOf } from "../harness/compiling.ts";
import { architectures, cases, folderOf, specOf } from "./specs.ts";

async function overfitted(text: string, base: string, steps: number): Promise<{ before: number; after: number; metrics: Readonly<Record<string, number>>; answers: unknown[]; references: unknown[] }> {
  const plan = planOf(text);
  const { data, evaluation } = await openInputs(plan, { base });
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
    const parts = await evaluateTotals(session, session.program(plan.graphs.evaluate), trainer.weights, evaluation!);
    const answered = parts.flatMap((part) => part.answers ?? []);
    return { before: losses[0], after: losses.at(-1)!, metrics: metricValues(plan.objective, parts, plan.evaluation!.metrics), answers: answered.map(({ prediction }) => prediction), references: answered.map(({ reference }) => reference) };
  } finally {
    trainer.dispose();
  }
}

describe.each(architectures)("%s", (architecture) => {
  test.each(Object.keys(cases))("%s", async (name) => {
    const { before, after, metrics, answers, references } = await overfitted(specOf(architecture, cases[name]), folderOf(cases[name]), 60);
    expect(after, `from ${before}`).toBeLessThan(0.1 * before);
    expect(metrics.loss).toBeLessThan(0.15 * before);
    if (name === "regress") {
      answers.forEach((answer, i) => expect(Math.abs((answer as number) - (references[i] as number))).toBeLessThan(0.5));
      expect(metrics.pearson).toBeGreaterThan(0.98);
    } else if (name === "answer") {
      expect(answers).toEqual(["Ahab", "whale", "fast", ""]);
      expect(metrics).toMatchObject({ exact_match: 1, squad_f1: 1 });
    } else {
      expect(answers).toEqual(references);
      expect(metrics[name === "tag" ? "tagging_accuracy" : "accuracy"]).toBe(1);
    }
  });
});

test.each(["lora(rank: 4)", "adapter(8)", "bias", "last(1)", "prompt(4)", "head"])("adapt: %s lowers the losses of the whole, of places and of a stretch", async (adapt) => {
  for (const name of ["classify", "tag", "answer"]) {
    const { before, after } = await overfitted(specOf("encoder", cases[name], `adapt: ${adapt}`), folderOf(cases[name]), 60);
    expect(after, `${name} from ${before}`).toBeLessThan(0.9 * before);
  }
});
