// Speed and time left, for events only: nothing here reaches a file of the run.

import type { Plan } from "../../compiler/plan/schema.ts";

export interface Progress {
  readonly tokensPerStep: number;
  step(step: number): { tokens: number; tokens_per_second: number; seconds_left: number };
  total(step: number): { tokens: number; tokens_per_second: number | null; seconds: number };
}

export function createProgress(plan: Plan, steps: number, startStep: number): Progress {
  const tokensPerStep = plan.batch.examples * plan.objective.streams.inputs.length;
  const began = performance.now();
  let previous = began;
  /** Running mean of a step's seconds, evaluations and checkpoints included. */
  let mean: number | null = null;
  return {
    tokensPerStep,
    step(step) {
      const now = performance.now();
      const seconds = (now - previous) / 1000;
      previous = now;
      mean = mean === null ? seconds : 0.9 * mean + 0.1 * seconds;
      return { tokens: step * tokensPerStep, tokens_per_second: tokensPerStep / mean, seconds_left: mean * (steps - step) };
    },
    total(step) {
      const seconds = (performance.now() - began) / 1000;
      return { tokens: step * tokensPerStep, tokens_per_second: step > startStep ? ((step - startStep) * tokensPerStep) / seconds : null, seconds };
    },
  };
}
