// How fast a plan trains: whole steps on synthetic ids, no files.

import type { Plan } from "../../compiler/plan/schema.ts";
import { randomStream } from "../../compiler/random.ts";
import type { Batch } from "../data/batch.ts";
import type { SessionOptions } from "../session.ts";
import { openSession } from "../session.ts";
import { initialParameters, initialState } from "./parameters.ts";
import { createTrainer } from "./trainer.ts";

export interface BenchResult {
  readonly tokens_per_second: number;
  readonly step_seconds: { readonly median: number; readonly min: number };
  /** Processor time of all threads in the median step: steadier than the clock on a machine that others use. */
  readonly cpu_seconds: number;
  /** Largest resident memory of this process, in bytes. */
  readonly peak_memory: number;
}

/** One step to warm up, then `steps` timed ones; the speed is that of the median step. */
export async function benchPlan(plan: Plan, backend: string, steps = 5, options: SessionOptions = {}): Promise<BenchResult> {
  const session = await openSession(backend, options);
  const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan));
  try {
    const batch = syntheticBatch(plan);
    const times: number[] = [];
    const loads: number[] = [];
    for (let step = 1; step <= steps + 1; step++) {
      const began = performance.now();
      const before = process.cpuUsage();
      const { gradients } = await trainer.gradients(batch, step, 0);
      await trainer.update(gradients, 1e-4, step);
      if (step === 1) continue;
      times.push((performance.now() - began) / 1000);
      const { user, system } = process.cpuUsage(before);
      loads.push((user + system) / 1e6);
    }
    const median = medianOf(times);
    return { tokens_per_second: (batch.examples * batch.length) / median, step_seconds: { median, min: Math.min(...times) }, cpu_seconds: medianOf(loads), peak_memory: process.resourceUsage().maxRSS * 1024 };
  } finally {
    trainer.dispose();
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Full rows of random ids, each row one document. */
function syntheticBatch(plan: Plan): Batch {
  const { examples } = plan.batch;
  const length = plan.lengths.inputs;
  const random = randomStream(plan.seeds.run, "bench");
  const ids = (): Int32Array => Int32Array.from({ length: examples * length }, () => random.below(plan.tokenizer?.vocab ?? 256));
  const size = examples * length;
  return {
    examples, length, tokens: ids(), targets: ids(), positions: Int32Array.from({ length: size }, (_, i) => i % length), real: new Int32Array(size).fill(1),
    documents: new Int32Array(size), weights: new Float32Array(size).fill(1), count: size, bytes: size,
  };
}
