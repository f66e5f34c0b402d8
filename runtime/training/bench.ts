// How fast a plan trains: whole steps on synthetic ids, no files.

import { sizeOf } from "../../compiler/graph/node.ts";
import { teacherInputs } from "../../compiler/lessons.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { randomStream } from "../../compiler/random.ts";
import { emptyFields, isOfPairs, type Batch } from "../data/fields.ts";
import type { SessionOptions } from "../session.ts";
import { openSession } from "../session.ts";
import { initialParameters, initialState, type Tensors } from "./parameters.ts";
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
  const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan), syntheticTeachers(plan));
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
    return { tokens_per_second: (plan.batch.examples * plan.objective.streams.inputs.length) / median, step_seconds: { median, min: Math.min(...times) }, cpu_seconds: medianOf(loads), peak_memory: process.resourceUsage().maxRSS * 1024 };
  } finally {
    trainer.dispose();
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Random weights: a teacher's step takes as long whatever it knows. */
function syntheticTeachers(plan: Plan): Tensors {
  const random = randomStream(plan.seeds.run, "bench teachers");
  return new Map(teacherInputs(plan.graphs.train).map(({ input, shape }) => [input, { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => 0.02 * random.normal()) }]));
}

/** Full rows of random ids, each row one document; every place that may have loss has it. */
function syntheticBatch(plan: Plan): Batch {
  const { examples, pack } = plan.batch;
  const random = randomStream(plan.seeds.run, "bench");
  const vocab = plan.tokenizer?.vocab ?? 256;
  const fields = emptyFields(plan.objective, examples, pack, 0);
  // The two answers of a preference are two rows.
  const answers = plan.objective.losses.some(({ kind }) => kind === "preference") ? 2 : 1;
  for (const [name, { data, row: size }] of fields) {
    const row = isOfPairs(name) ? size : size / answers;
    const kind = name.slice(name.lastIndexOf(".") + 1);
    const loss = plan.objective.losses.find(({ head }) => name.startsWith(`${head}.`));
    for (let i = 0; i < data.length; i++) {
      if (kind === "pixels") data[i] = random.normal();
      else if (loss?.kind === "contrastive" && kind === "targets") data[i] = i;
      else if (kind === "tokens") data[i] = random.below(vocab);
      else if (kind === "targets") data[i] = random.below(loss?.kind === "tokens" || loss?.kind === "preference" ? vocab : 2);
      else if (kind === "positions") data[i] = i % row;
      else if (kind === "places") data[i] = Math.floor(((i % row) * (plan.objective.streams.targets ?? plan.objective.streams.inputs).length) / row);
      else if (kind === "prefix") data[i] = plan.objective.streams.inputs.length >> 1;
      else if (kind === "last" && name === `${plan.objective.streams.images?.prefix}last`) continue;
      else if (kind === "last") data[i] = plan.objective.streams.inputs.length - 1;
      else data[i] = kind === "real" || kind === "weights" ? 1 : 0;
    }
  }
  const size = (head: string): number => fields.get(`${head}.weights`)!.data.length;
  const counts = Object.fromEntries(plan.objective.losses.map(({ head, kind }) => [head, kind === "preference" ? examples : size(head)]));
  return { examples, fields, counts, bytes: counts };
}
