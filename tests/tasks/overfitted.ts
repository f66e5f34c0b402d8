// A run that learns one batch by heart, and what it then answers.

import { chooseBackend } from "../../runtime/backends/_choose.ts";
import { openSession } from "../../runtime/session.ts";
import { evaluateTotals, metricValues } from "../../runtime/training/evaluate.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { initialParameters, initialState } from "../../runtime/training/parameters.ts";
import { createTrainer } from "../../runtime/training/trainer.ts";
import { planOf } from "../harness/compiling.ts";

export async function overfitted(text: string, base: string, steps: number): Promise<{ before: number; after: number; metrics: Readonly<Record<string, number>>; answers: unknown[]; references: unknown[] }> {
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
