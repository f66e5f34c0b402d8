// Phase 6: the plan of a checked run: graphs for the micro-batch that fits, costs, canonical form and hash.

import { adaptedRun } from "../adapt.ts";
import { memoryLimit } from "../../grammar/diagnostics/PT6101-memory-limit.ts";
import { costsOf } from "../graph/costs.ts";
import { peakBytes } from "../graph/liveness.ts";
import { sizeOf, type Graph } from "../graph/node.ts";
import { withPrecision } from "../graph/precision.ts";
import { decodeGraph, evaluateGraph, optimizerOf, planParameters, prefillGraph, statisticsGraph, trainGraph, updateGraph, type OnFire } from "../graphs.ts";
import { stateOf } from "../optimizers/_update.ts";
import { remember } from "../plan/canonical.ts";
import { sealPlan } from "../plan/hash.ts";
import type { PlanLengths } from "../objectives/plan.ts";
import type { Plan, PlanCosts, PlanParameter } from "../plan/schema.ts";
import type { RunSpec } from "../run-spec.ts";
import { generatingHead, type Stack } from "../architecture.ts";
import { couplesExamples } from "../layout.ts";
import { teacherInputs } from "../lessons.ts";
import type { Context } from "./2-check/context.ts";
import { specText } from "./spec-text.ts";

/** Null after a report. `onFire` sees every rewrite, with the graph that it changed. */
export function emit(checked: RunSpec, context: Context, onFire?: (graph: string, firing: Parameters<OnFire>[0]) => void): Plan | null {
  const watch = (graph: string): OnFire | undefined => onFire && ((firing) => onFire(graph, firing));
  const run = adaptedRun(checked);
  const built = context.built && !onFire ? builtOnce(run, context, context.built) : build(run, context, watch);
  if (!built) return null;
  const before = run.from && emit(run.from.run, context);
  if (run.from && !before) return null;
  const from = run.from && before ? { run: before.name, hash: before.hash, checkpoint: run.from.checkpoint, imported: false } : run.imported && { run: run.imported.folder, hash: run.imported.hash, checkpoint: "last" as const, imported: true };
  const { teachers } = run;
  const taught = teachers.map((teacher) => emit(teacher.run, context));
  if (taught.includes(null)) return null;
  return sealPlan({
    format: 4,
    name: run.name,
    kind: run.kind,
    from,
    teachers: teachers.map(({ name, checkpoint }, i) => ({ name, run: taught[i]!.name, hash: taught[i]!.hash, checkpoint })),
    spec: specText(run, context),
    parameters: built.parameters,
    adapt: run.adapt,
    graphs: built.graphs,
    tokenizer: run.tokenizer,
    data: run.data,
    objective: run.objective,
    lengths: longestOf(run.objective.entries.map((entry) => entry.lengths)),
    optimizer: run.optimizer,
    schedule: run.schedule,
    precision: run.precision,
    batch: { examples: run.batch, micro: built.micro, pack: run.pack },
    horizon: run.horizon,
    evaluation: run.evaluation,
    checkpoints: run.checkpoints,
    samples: run.samples,
    guard: run.guard,
    seeds: { run: run.seed, data: run.seed },
    costs: overHorizon(built.costs, run),
  });
}

/** What of a plan takes long to make and depends on few of its fields. */
export interface Built { readonly micro: number; readonly parameters: readonly PlanParameter[]; readonly graphs: Plan["graphs"]; readonly costs: PlanCosts }

function build(run: RunSpec, context: Context, watch: (graph: string) => OnFire | undefined = () => undefined): Built | null {
  const parameters = planParameters(run.architecture, run.heads);
  const fitted = fit(run, parameters, context, watch);
  if (!fitted) return null;
  const { micro, train, statistics, costs } = fitted;
  const head = generatingHead(run.heads);
  const lengthOf = (stack: Stack): number => run.layout.lengths[stack.path];
  const precise = (graph: Graph): Graph => withPrecision(graph, run.precision);
  const graphs = {
    train: precise(train),
    statistics: statistics && precise(statistics),
    update: updateGraph(run, parameters, watch("update")),
    evaluate: precise(evaluateGraph(run, micro, run.layout.documents, watch("evaluate"))),
    prefill: head && precise(prefillGraph(run.architecture, head, { lengthOf }, watch("prefill"))),
    decode: head && precise(decodeGraph(run.architecture, head, { lengthOf, batch: sampledRows(run, context) }, watch("decode"))),
  };
  return { micro, parameters, graphs, costs };
}

/** Fields of a run that reach neither graphs nor costs but for the number of steps, whatever they are. */
export const beyondGraphs = ["train", "schedule", "guard", "evaluate", "checkpoint", "seed"];

/** What a run's graphs are made from, as a text: all of its spec but the fields above and the rate, which is an input of the update. */
export function graphKey(run: RunSpec, context: Context): string {
  const { lr, ...rest } = run.optimizer.arguments;
  return `${JSON.stringify([run.optimizer.word, rest, typeof lr])}\n${specText(run, context, [...beyondGraphs, "optimizer"])}`;
}

/** Runs with one layout object differ in their seeds alone. */
const keys = new WeakMap<object, string>();

function builtOnce(run: RunSpec, context: Context, known: Map<string, unknown>): Built | null {
  const key = keys.get(run.layout) ?? graphKey(run, context);
  keys.set(run.layout, key);
  const found = known.get(key) as Built | undefined;
  if (found) return found;
  const built = build(run, context);
  if (!built) return null;
  known.set(key, built);
  remember(built.graphs);
  remember(built.parameters);
  return built;
}

/** FLOPs in all, where the steps are known. */
export function overHorizon(costs: PlanCosts, { horizon, batch, length }: Pick<RunSpec, "horizon" | "batch" | "length">): PlanCosts {
  const { train_per_token } = costs.flops;
  return { ...costs, flops: { ...costs.flops, total: horizon.steps === null ? null : train_per_token * horizon.steps * batch * length } };
}

/** Texts side by side in `decode`: the beams of its samples. */
function sampledRows({ samples }: RunSpec, { catalog }: Context): number {
  return samples ? catalog.decodings[samples.decode.word].rows(samples.decode.arguments) : 1;
}

/** The most of each over the entries of a mixture. */
export function longestOf(all: readonly PlanLengths[]): PlanLengths {
  const most = (key: keyof PlanLengths): number => Math.max(...all.map((lengths) => lengths[key]));
  return { raw: most("raw"), inputs: most("inputs"), targets: most("targets") };
}

interface Fitted { readonly micro: number; readonly train: Graph; readonly statistics: Graph | null; readonly costs: PlanCosts }

/** Without a limit of its own a run keeps a micro-batch's activations below this, where one example allows: 2 GB. */
const comfortable = 2e9;

/** The largest micro-batch that the memory allows; recomputation only when a limit cannot be met without it. */
function fit(run: RunSpec, parameters: readonly PlanParameter[], context: Context, watch: (graph: string) => OnFire | undefined): Fitted | null {
  const attempt = (micro: number, recompute: boolean): Fitted => {
    const train = trainGraph(run, micro, recompute, watch("train"));
    return { micro, train, statistics: null, costs: planCosts(run, parameters, train, micro) };
  };
  const whole = ({ micro, train, costs }: Fitted): Fitted => {
    const statistics = micro < run.batch ? statisticsGraph(run, micro, watch("statistics")) : null;
    return { micro, train, statistics, costs: statistics ? planCosts(run, parameters, train, micro, statistics) : costs };
  };
  const sizes = couplesExamples(run.architecture, run.layout) ? [run.batch] : divisors(run.batch);
  let smallest: Fitted | null = null;
  for (const recompute of run.memory === null ? [false] : [false, true]) {
    smallest = attempt(sizes.at(-1)!, recompute);
    const within = (fitted: Fitted): boolean => (run.memory === null ? fitted.costs.memory.activations <= comfortable : fitted.costs.memory.peak <= run.memory);
    if (!within(smallest)) continue;
    if (sizes.length === 1) return whole(smallest);
    // Activations grow linearly with the micro-batch, so two of them tell where to begin.
    const growth = attempt(sizes.at(-2)!, recompute).costs.memory.activations - smallest.costs.memory.activations;
    const guess = (micro: number): number => smallest!.costs.memory.activations + (growth * (micro - 1)) / Math.max(1, sizes.at(-2)! - 1);
    const most = run.memory === null ? comfortable : run.memory - smallest.costs.memory.peak + smallest.costs.memory.activations;
    for (const micro of sizes) {
      if (micro === 1) return whole(smallest);
      if (guess(micro) > 1.05 * most) continue;
      const fitted = attempt(micro, recompute);
      if (within(fitted)) return whole(fitted);
    }
  }
  if (run.memory === null) return smallest && whole(smallest);
  context.sink.report(memoryLimit, run.values.memory?.origin.place ?? run.place, { limit: run.memory, needed: smallest?.costs.memory.peak ?? Infinity });
  return null;
}

/** Costs of a step of the smallest micro-batch, without FLOPs in all: what outlines are made from. */
export function exampleCosts(run: RunSpec): PlanCosts {
  const least = leastBatch(run);
  return planCosts(run, planParameters(run.architecture, run.heads), trainGraph(run, least, false), least);
}

/** From those costs the run's, as if activations grew with the micro-batch, but for the gradients among them. */
export function grownCosts(costs: PlanCosts, run: RunSpec): PlanCosts {
  const least = leastBatch(run);
  const { weights, optimizer, activations } = costs.memory;
  const most = run.memory === null ? comfortable : run.memory - weights - optimizer;
  const gradients = Math.min(4 * costs.parameters.trainable, activations);
  const grown = (micro: number): number => gradients + ((activations - gradients) * micro) / least;
  const micro = divisors(run.batch).find((size) => size % least === 0 && grown(size) <= most) ?? least;
  const sums = micro < run.batch ? 4 * costs.parameters.trainable : 0;
  return overHorizon({ ...costs, memory: { weights, optimizer, activations: grown(micro), peak: weights + optimizer + grown(micro) + sums } }, run);
}

const leastBatch = (run: RunSpec): number => (couplesExamples(run.architecture, run.layout) ? run.batch : 1);

/** Divisors of n, largest first. */
function divisors(n: number): number[] {
  const small = Array.from({ length: Math.floor(Math.sqrt(n)) }, (_, i) => i + 1).filter((d) => n % d === 0);
  return [...new Set([...small.map((d) => n / d), ...small.reverse()])];
}

/**
 * FLOPs of a token are those of the train and evaluate graphs over the positions of a micro-batch, padding included. Weights of teachers
 * are no parameters of the run, but lie in memory beside them, and their forward pass is a part of training, as is that of `statistics`,
 * which keeps nothing for a backward pass and so never needs the most memory. Without FLOPs in all.
 */
export function planCosts(run: RunSpec, parameters: readonly PlanParameter[], train: Graph, micro: number, statistics: Graph | null = null): PlanCosts {
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
  const trainFlops = (costsOf(train).total.flops + (statistics ? costsOf(statistics).total.flops : 0)) / positions;
  return {
    parameters: { total, trainable: trainable.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0) },
    flops: { forward_per_token: forwardFlops, train_per_token: trainFlops, total: null },
    memory: { weights, optimizer, activations, peak: weights + optimizer + activations + sums },
  };
}
