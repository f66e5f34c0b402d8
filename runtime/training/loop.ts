// The training loop: step, guard, evaluate, sample, checkpoint; from the last whole checkpoint to the end or to an interruption.

import { totalmem } from "node:os";
import { dirname } from "node:path";
import { largerThanMachine } from "../../grammar/diagnostics/PT8034-larger-than-machine.ts";
import { fileError } from "../files/user-error.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { ScheduleDefinition } from "../../compiler/schedules/define.ts";
import { schedules } from "../../compiler/schedules/index.ts";
import { loadCheckpoint } from "../checkpoints/checkpoint.ts";
import { lockRun } from "../checkpoints/lock.ts";
import type { TokenizerOptions } from "../data/tokenizer.ts";
import { openSession } from "../session.ts";
import type { Handle, Program, Session, SessionOptions } from "../session.ts";
import { openBatches, type AheadOptions } from "./ahead.ts";
import { betterOf } from "./best.ts";
import type { EvaluateOptions, MetricValues } from "./evaluate.ts";
import { asksInWriting, countedTokens, evaluateTotals, metricValues, totalLoss } from "./evaluate.ts";
import type { Emit } from "./events.ts";
import { generateTexts } from "../generation/generate.ts";
import { stopOf } from "../generation/call.ts";
import { promptIds } from "../generation/prompts.ts";
import { planSource } from "../generation/source.ts";
import { addElapsed, readResult, writeResult } from "../runs/result.ts";
import { createGuard } from "./guard.ts";
import type { Inputs } from "./inputs.ts";
import { checkUnchanged, openInputs, stepsOfRun } from "./inputs.ts";
import type { Tensors } from "./parameters.ts";
import { initialParameters, initialState } from "./parameters.ts";
import { createProgress } from "./progress.ts";
import { openMetrics, prepareFolder } from "./run-folder.ts";
import { checkpointClock, readState, saveRun } from "./state.ts";
import type { RunState } from "./state.ts";
import { openTeachers, type Teachers } from "./teachers.ts";
import { createTrainer } from "./trainer.ts";
import { planWrites } from "./writing.ts";

export interface TrainOptions extends Pick<TokenizerOptions, "cache" | "progress"> {
  /** The run's own folder. */
  readonly folder: string;
  /** Folder that the plan's file patterns are relative to. */
  readonly base: string;
  readonly backend: string;
  readonly kernels?: SessionOptions["kernels"];
  readonly emit?: Emit;
  /** Aborted: the step in progress is finished and saved. */
  readonly signal?: AbortSignal;
  /** Weights to start from instead of initial ones, all of the plan's. */
  readonly initial?: Tensors;
  /** Who makes the batches; never what they are. */
  readonly ahead?: Pick<AheadOptions, "script" | "pays">;
}

export interface TrainOutcome {
  readonly status: "done" | "already" | "interrupted";
  readonly folder: string;
  readonly step: number;
  readonly steps: number;
  /** Loss of the last step that this call ran. */
  readonly loss: number | null;
  /** Last evaluation, of this call or of the checkpoint it began with. */
  readonly metrics: MetricValues | null;
  readonly best: RunState["best"];
}

/** Trains, or goes on where the folder's last whole checkpoint stands. Throws UserError; what was saved before stays. */
export async function trainPlan(plan: Plan, options: TrainOptions): Promise<TrainOutcome> {
  const { folder, signal, emit = () => {} } = options;
  const lock = lockRun(folder);
  try {
    const warn: TokenizerOptions["warn"] = (diagnostic) => emit({ event: "warning", step: 0, diagnostic });
    const [needed, has] = [plan.costs.memory.peak, totalmem()];
    if (needed > has) throw fileError(largerThanMachine, "", { run: plan.name, needed, has });
    const inputs = await openInputs(plan, { base: options.base, signal, cache: options.cache, progress: options.progress, warn });
    const session = await openSession(options.backend, { kernels: options.kernels, file: folder });
    return await run(plan, { ...options, emit }, inputs, session);
  } catch (error) {
    if (!signal?.aborted || (error as Error).name !== "AbortError") throw error;
    emit({ event: "interrupted", step: 0, steps: plan.horizon.steps ?? 0, folder, message: "interrupted while reading data; the same command starts again" });
    return { status: "interrupted", folder, step: 0, steps: plan.horizon.steps ?? 0, loss: null, metrics: null, best: null };
  } finally {
    lock.release();
  }
}

async function run(plan: Plan, options: TrainOptions & { readonly emit: Emit }, inputs: Inputs, session: Session): Promise<TrainOutcome> {
  const { folder, emit, signal } = options;
  const steps = stepsOfRun(plan, inputs.data);
  const initial = (): { weights: Tensors; optimizer: Tensors } => ({ weights: options.initial ?? initialParameters(plan), optimizer: initialState(plan) });
  prepareFolder(folder, plan, inputs.tokenizer.json(), inputs.data.sources);
  const loaded = await loadCheckpoint(folder, "last");
  for (const diagnostic of loaded?.warnings ?? []) emit({ event: "warning", step: loaded!.step, diagnostic });
  if (loaded) checkUnchanged(plan, loaded.state, inputs, loaded.step, folder);
  let state: RunState = readState(loaded);
  let step = loaded?.step ?? 0;
  const outcome = (status: TrainOutcome["status"], loss: number | null): TrainOutcome => ({ status, folder, step, steps, loss, metrics: state.metrics, best: state.best });
  if (loaded && step >= steps) {
    if (!readResult(folder)) writeResult(folder, plan, { step, seconds: 0, waiting_seconds: 0, tokens: step * plan.batch.examples * plan.objective.streams.inputs.length }, state);
    emit({ event: "done", step, loss: null, metrics: state.metrics, tokens: step * plan.batch.examples * plan.objective.streams.inputs.length, tokens_per_second: null, seconds: 0, waiting_seconds: 0, batches_ahead: 0, folder, already: true });
    return outcome("already", null);
  }

  const start = loaded ?? initial();
  const teachers = await openTeachers(plan, dirname(folder), (loaded?.state.teachers ?? {}) as Teachers["steps"]);
  const trainer = createTrainer(session, plan, start.weights, start.optimizer, teachers.weights);
  const metrics = openMetrics(folder, state.metrics_bytes);
  const guard = createGuard(plan, { folder, emit });
  const clock = checkpointClock(plan, steps);
  const progress = createProgress(plan, steps, step);
  const write = asksInWriting(plan.evaluation?.metrics ?? []) ? planWrites(plan, inputs.tokenizer, session) : null;
  const evaluation = inputs.evaluation && { program: session.program(plan.graphs.evaluate), data: inputs.evaluation, options: { write, fixed: trainer.fixed, calls: plan.evaluation?.metrics } };
  const batches = openBatches(plan, inputs, steps, { base: options.base, cache: options.cache, warn: (diagnostic) => emit({ event: "warning", step, diagnostic }), ...options.ahead });
  let loss: number | null = null;
  try {
    if (loaded) emit({ event: "resume", step, steps, folder });
    const { parameters } = plan.costs;
    emit({ event: "start", step, steps, folder, backend: session.backend, parameters: parameters.total, examples: inputs.data.examples, batch: plan.batch.examples, tokens_per_step: progress.tokensPerStep });
    const save = async (): Promise<void> => {
      const began = performance.now();
      const saved = await saveRun(plan, folder, step, await trainer.read(), { ...state, metrics_bytes: metrics.sync() }, { fingerprints: inputs.fingerprints, teachers: teachers.steps });
      clock.saved(step);
      emit({ event: "checkpoint", step, folder: saved, seconds: (performance.now() - began) / 1000 });
    };
    if (step >= steps) {
      if (evaluation) [state] = await evaluate(plan, session, evaluation, trainer.weights, state, step, emit, metrics.append);
      await save();
    }
    while (step < steps) {
      if (signal?.aborted) break;
      const at = step + 1;
      if (!state.skipped.includes(at)) {
        const first = (at - 1) * plan.batch.examples;
        const rate = rateOf(plan, at, steps);
        progress.begin();
        const batch = await batches.of(at);
        progress.received();
        const result = await trainer.gradients(batch, at, first);
        let norm: number | null = null;
        if (Number.isFinite(result.loss)) norm = await trainer.update(result.gradients, rate, at);
        else trainer.discard(result.gradients);
        if (!Number.isFinite(result.loss) || (norm !== null && !Number.isFinite(norm))) {
          const back = await guard.failed(at, result.loss, state.skipped);
          if (back) {
            // Rollback: weights, metrics and everything else as the last checkpoint has them, but for this batch.
            const from = back.checkpoint ?? initial();
            trainer.restore(from.weights, from.optimizer);
            state = { ...readState(back.checkpoint), skipped: [...state.skipped, at] };
            step = back.checkpoint?.step ?? 0;
            metrics.cut(state.metrics_bytes);
            continue;
          }
          state = { ...state, skipped: [...state.skipped, at] };
        } else {
          loss = result.loss;
          const heads = Object.keys(result.losses).length ? { losses: result.losses } : {};
          metrics.append({ step: at, loss, ...heads, rate, ...(norm === null ? {} : { gradient_norm: norm }) });
          emit({ event: "step", step: at, steps, loss, ...heads, rate, gradient_norm: norm, ...progress.step(at) });
        }
      }
      step = at;
      if (state.skipped.includes(at)) metrics.append({ step: at, skipped: true });
      let improved = false;
      if (evaluation && due(plan.evaluation?.every ?? null, step, steps)) [state, improved] = await evaluate(plan, session, evaluation, trainer.weights, state, step, emit, metrics.append);
      if (plan.samples && plan.graphs.decode && due(plan.samples.every, step, steps)) await sample(plan, session, inputs, trainer.weights, step, emit, metrics.append);
      if (improved || step >= steps || clock.due(step)) await save();
      // Lets signals and timers in; everything above may have run without a pause.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (step < steps) {
      if (clock.lastSaved() !== step && step > 0) await save();
      addElapsed(folder, progress.total(step));
      emit({ event: "interrupted", step, steps, folder, message: `saved after step ${step} of ${steps}; the same command goes on from there` });
      return outcome("interrupted", loss);
    }
    const total = progress.total(step);
    writeResult(folder, plan, { step, ...total }, state);
    emit({ event: "done", step, loss, metrics: state.best?.metrics ?? state.metrics, ...total, batches_ahead: batches.ahead(), folder, already: false });
    return outcome("done", loss);
  } finally {
    await batches.close();
    metrics.close();
    trainer.dispose();
  }
}

/** Rate of a step counted from 1; without `lr` (Adafactor's relative steps) the schedule's factor alone. */
export function rateOf(plan: Plan, step: number, steps: number): number {
  const known: { readonly [word: string]: ScheduleDefinition } = schedules;
  const { lr = 1 } = plan.optimizer.arguments;
  if (typeof lr !== "number" || !Object.hasOwn(known, plan.schedule.word)) throw new Error(`no rate from \`${plan.optimizer.word}\` and \`${plan.schedule.word}\``);
  return lr * known[plan.schedule.word].rate(plan.schedule.arguments, step - 1, { steps });
}

/** Every so many steps, and at the end. */
function due(every: number | null, step: number, steps: number): boolean {
  return step === steps || (every !== null && step % every === 0);
}

type Append = (line: object) => void;

async function evaluate(plan: Plan, session: Session, { program, data, options }: { program: Program; data: NonNullable<Inputs["evaluation"]>; options: EvaluateOptions }, weights: ReadonlyMap<string, Handle>, state: RunState, step: number, emit: Emit, append: Append): Promise<[RunState, boolean]> {
  const began = performance.now();
  const totals = await evaluateTotals(session, program, weights, data, options);
  const values = metricValues(plan.objective, totals, plan.evaluation?.metrics ?? []);
  const loss = totalLoss(plan.objective, totals);
  const best = betterOf(plan, state.best, { step, loss, values });
  const improved = best !== state.best;
  append({ step, evaluation: values });
  emit({ event: "evaluate", step, loss, metrics: values, best: improved, tokens: countedTokens(plan.objective, totals).tokens, seconds: (performance.now() - began) / 1000 });
  return [{ ...state, metrics: values, best }, improved];
}

async function sample(plan: Plan, session: Session, inputs: Inputs, weights: ReadonlyMap<string, Handle>, step: number, emit: Emit, append: Append): Promise<void> {
  const { prompt, tokens, decode } = plan.samples!;
  const { tokenizer } = inputs;
  const source = planSource(plan);
  const eos = tokenizer?.special("eos") ?? null;
  const options = { decoding: decode, tokens, seed: plan.seeds.run, index: step, stop: stopOf(decode, eos === null ? [] : [eos], tokenizer) };
  const [[{ text }]] = await generateTexts(session, source, weights, [[...plan.objective.streams.inputs.placeholders, ...promptIds(prompt, tokenizer, source.encoder !== null)]], tokenizer, options);
  append({ step, prompt, sample: text });
  emit({ event: "sample", step, prompt, text: text ?? "" });
}
