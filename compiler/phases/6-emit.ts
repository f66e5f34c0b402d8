// Phase 6: the plan of a checked run: graphs for the micro-batch that fits, costs, canonical form and hash.

import { adaptedRun } from "../adapt.ts";
import { memoryLimit } from "../../grammar/diagnostics/PT6101-memory-limit.ts";
import { costsOf } from "../graph/costs.ts";
import { peakBytes } from "../graph/liveness.ts";
import { sizeOf, type Graph } from "../graph/node.ts";
import { withPrecision } from "../graph/precision.ts";
import { decodeGraph, evaluateGraph, optimizerOf, planParameters, prefillGraph, trainGraph, updateGraph, type OnFire } from "../graphs.ts";
import { stateOf } from "../optimizers/_update.ts";
import { sealPlan } from "../plan/hash.ts";
import type { PlanLengths } from "../objectives/plan.ts";
import type { Plan, PlanCosts, PlanParameter } from "../plan/schema.ts";
import type { RunSpec } from "../run-spec.ts";
import type { Head, Stack } from "../architecture.ts";
import { couplesExamples } from "../layout.ts";
import { teacherInputs } from "../lessons.ts";
import type { Context } from "./2-check/context.ts";
import { specText } from "./spec-text.ts";

/** Null after a report. `onFire` sees every rewrite, with the graph that it changed. */
export function emit(checked: RunSpec, context: Context, onFire?: (graph: string, firing: Parameters<OnFire>[0]) => void): Plan | null {
  const watch = (graph: string): OnFire | undefined => onFire && ((firing) => onFire(graph, firing));
  const run = adaptedRun(checked);
  const parameters = planParameters(run.architecture, run.heads);
  const fitted = fit(run, parameters, context, watch("train"));
  if (!fitted) return null;
  const { micro, train } = fitted;
  const before = run.from && emit(run.from.run, context);
  if (run.from && !before) return null;
  const from = run.from && before ? { run: before.name, hash: before.hash, checkpoint: run.from.checkpoint, imported: false } : run.imported && { run: run.imported.folder, hash: run.imported.hash, checkpoint: "last" as const, imported: true };
  const { teachers } = run;
  const taught = teachers.map((teacher) => emit(teacher.run, context));
  if (taught.includes(null)) return null;
  const head = generatingHead(run);
  const lengthOf = (stack: Stack): number => run.layout.lengths[stack.path];
  const precise = (graph: Graph): Graph => withPrecision(graph, run.precision);
  return sealPlan({
    format: 4,
    name: run.name,
    kind: run.kind,
    from,
    teachers: teachers.map(({ name, checkpoint }, i) => ({ name, run: taught[i]!.name, hash: taught[i]!.hash, checkpoint })),
    spec: specText(run, context),
    parameters,
    adapt: run.adapt,
    graphs: {
      train: precise(train),
      update: updateGraph(run, parameters, watch("update")),
      evaluate: precise(evaluateGraph(run, micro, run.layout.documents, watch("evaluate"))),
      prefill: head && precise(prefillGraph(run.architecture, head, { lengthOf }, watch("prefill"))),
      decode: head && precise(decodeGraph(run.architecture, head, { lengthOf, batch: sampledRows(run, context) }, watch("decode"))),
    },
    tokenizer: run.tokenizer,
    data: run.data,
    objective: run.objective,
    lengths: longestOf(run.objective.entries.map((entry) => entry.lengths)),
    optimizer: run.optimizer,
    schedule: run.schedule,
    precision: run.precision,
    batch: { examples: run.batch, micro, pack: run.pack },
    horizon: run.horizon,
    evaluation: run.evaluation,
    checkpoints: run.checkpoints,
    samples: run.samples,
    guard: run.guard,
    seeds: { run: run.seed, data: run.seed },
    costs: fitted.costs,
  });
}

/** Texts side by side in `decode`: the beams of its samples. */
function sampledRows({ samples }: RunSpec, { catalog }: Context): number {
  return samples ? catalog.decodings[samples.decode.word].rows(samples.decode.arguments) : 1;
}

/** The head that predicts the next token, where the run has one on a decoder. */
function generatingHead(run: RunSpec): Head | null {
  return run.heads.find((head) => head.name === "lm" && head.stack.word === "decoder") ?? null;
}

/** The most of each over the entries of a mixture. */
export function longestOf(all: readonly PlanLengths[]): PlanLengths {
  const most = (key: keyof PlanLengths): number => Math.max(...all.map((lengths) => lengths[key]));
  return { raw: most("raw"), inputs: most("inputs"), targets: most("targets") };
}

interface Fitted { readonly micro: number; readonly train: Graph; readonly costs: PlanCosts }

/** Without a limit of its own a run keeps a micro-batch's activations below this, where one example allows: 2 GB. */
const comfortable = 2e9;

/** The largest micro-batch that the memory allows; recomputation only when a limit cannot be met without it. */
function fit(run: RunSpec, parameters: readonly PlanParameter[], context: Context, onFire?: OnFire): Fitted | null {
  const attempt = (micro: number, recompute: boolean): Fitted => {
    const train = trainGraph(run, micro, recompute, onFire);
    return { micro, train, costs: planCosts(run, parameters, train, micro) };
  };
  const sizes = couplesExamples(run.architecture, run.layout) ? [run.batch] : divisors(run.batch);
  let smallest: Fitted | null = null;
  for (const recompute of run.memory === null ? [false] : [false, true]) {
    smallest = attempt(sizes.at(-1)!, recompute);
    const within = (fitted: Fitted): boolean => (run.memory === null ? fitted.costs.memory.activations <= comfortable : fitted.costs.memory.peak <= run.memory);
    if (!within(smallest)) continue;
    if (sizes.length === 1) return smallest;
    // Activations grow linearly with the micro-batch, so two of them tell where to begin.
    const growth = attempt(sizes.at(-2)!, recompute).costs.memory.activations - smallest.costs.memory.activations;
    const guess = (micro: number): number => smallest!.costs.memory.activations + (growth * (micro - 1)) / Math.max(1, sizes.at(-2)! - 1);
    const most = run.memory === null ? comfortable : run.memory - smallest.costs.memory.peak + smallest.costs.memory.activations;
    for (const micro of sizes) {
      if (micro === 1) return smallest;
      if (guess(micro) > 1.05 * most) continue;
      const fitted = attempt(micro, recompute);
      if (within(fitted)) return fitted;
    }
  }
  if (run.memory === null) return smallest;
  context.sink.report(memoryLimit, run.values.memory?.origin.place ?? run.place, { limit: run.memory, needed: smallest?.costs.memory.peak ?? Infinity });
  return null;
}

/** Divisors of n, largest first. */
function divisors(n: number): number[] {
  const small = Array.from({ length: Math.floor(Math.sqrt(n)) }, (_, i) => i + 1).filter((d) => n % d === 0);
  return [...new Set([...small.map((d) => n / d), ...small.reverse()])];
}

/**
 * FLOPs of a token are those of the train and evaluate graphs over the positions of a micro-batch, padding included. Weights of teachers
 * are no parameters of the run, but lie in memory beside them, and their forward pass is a part of training.
 */
export function planCosts(run: RunSpec, parameters: readonly PlanParameter[], train: Graph, micro: number): PlanCosts {
  const stored = parameters.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0);
  const total = parameters.reduce((sum, parameter) => sum + (parameter.buffer ? 0 : sizeOf(parameter.shape)), 0);
  const trainable = parameters.filter((parameter) => parameter.trainable);
  const { definition, args } = optimizerOf(run);
  const state = trainable.flatMap((parameter) => stateOf(definition, args, parameter)).reduce((sum, entry) => sum + sizeOf(entry.shape), 0);
  const names = new Set(parameters.map((parameter) => parameter.name));
  const taught = teacherInputs(train);
  const resident = new Set([...Object.entries(train.inputs).flatMap(([name, value]) => (names.has(name) ? [value] : [])), ...taught.map((input) => input.value)]);
  const weights = 4 * taught.reduce((sum, { shape }) => sum + sizeOf(shape), stored);
  const optimizer = 4 * state;
  // Outputs are the gradients; with several micro-batches their sums stay beside them.
  const activations = peakBytes(train, { resident });
  const sums = micro < run.batch ? 4 * trainable.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0) : 0;
  const positions = micro * run.length;
  const forwardFlops = costsOf(evaluateGraph(run, 1, false)).total.flops / run.length;
  const trainFlops = costsOf(train).total.flops / positions;
  return {
    parameters: { total, trainable: trainable.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0) },
    flops: { forward_per_token: forwardFlops, train_per_token: trainFlops, total: run.horizon.steps === null ? null : trainFlops * run.horizon.steps * run.batch * run.length },
    memory: { weights, optimizer, activations, peak: weights + optimizer + activations + sums },
  };
}
