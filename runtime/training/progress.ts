// Speed and time left, for events only: nothing here reaches a file of the run.

import type { Plan } from "../../compiler/plan/schema.ts";

export interface Progress {
  readonly tokensPerStep: number;
  /** A training step begins; what lies between steps (evaluations, checkpoints) counts for the time left, not for the speed. */
  begin(): void;
  /** Its batch is there. */
  received(): void;
  step(step: number): { tokens: number; tokens_per_second: number; seconds_left: number; /** Of this step, for its batch. */ waiting_seconds: number };
  total(step: number): { tokens: number; tokens_per_second: number | null; seconds: number; waiting_seconds: number };
}

export function createProgress(plan: Plan, steps: number, startStep: number): Progress {
  const tokensPerStep = plan.batch.examples * plan.objective.streams.inputs.length;
  const began = performance.now();
  let stepBegan = began;
  let [waiting, waited] = [0, 0];
  let trained = 0;
  /** Running mean of a training step's seconds. */
  let mean: number | null = null;
  return {
    tokensPerStep,
    begin() {
      stepBegan = performance.now();
    },
    received() {
      waiting = (performance.now() - stepBegan) / 1000;
      waited += waiting;
    },
    step(step) {
      const now = performance.now();
      const seconds = (now - stepBegan) / 1000;
      trained += seconds;
      // The first step also builds what the others use.
      mean = mean === null || step === startStep + 2 ? seconds : 0.9 * mean + 0.1 * seconds;
      const between = (now - began) / 1000 - trained;
      const each = mean + between / (step - startStep);
      return { tokens: step * tokensPerStep, tokens_per_second: tokensPerStep / mean, seconds_left: each * (steps - step), waiting_seconds: waiting };
    },
    total(step) {
      const seconds = (performance.now() - began) / 1000;
      return { tokens: step * tokensPerStep, tokens_per_second: step > startStep ? ((step - startStep) * tokensPerStep) / seconds : null, seconds, waiting_seconds: waited };
    },
  };
}
