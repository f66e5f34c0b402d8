// Runs an evaluation plan: asks a trained run every question with every number of shots, keeps what is answered, scores it.

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { EvaluationPlan } from "../../compiler/plan/evaluation.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { shortenedPrompts } from "../../grammar/diagnostics/PT8051-shortened-prompts.ts";
import { tooFewShots } from "../../grammar/diagnostics/PT8052-too-few-shots.ts";
import { untrainedRun } from "../../grammar/diagnostics/PT8050-untrained-run.ts";
import { listCheckpoints } from "../checkpoints/checkpoint.ts";
import { lockRun } from "../checkpoints/lock.ts";
import { fileDiagnostic, fileError } from "../files/user-error.ts";
import { openGenerating } from "../generation/model.ts";
import type { Measured } from "../metrics/define.ts";
import { openSession } from "../session.ts";
import { uploadAll } from "../training/parameters.ts";
import { openMetrics } from "../training/run-folder.ts";
import { ask, choicesOfRows, questionOf, solvedTargets, type Prediction, type Question } from "./ask.ts";
import { prepareEvaluation, readPredictions, readResult, readState, writeResult, writeState, type EvaluationResult, type EvaluationState } from "./folder.ts";
import { keptGraphs, keptPrograms } from "./graphs.ts";
import { readRows, type AskedRow } from "./rows.ts";
import { scoreAll } from "./score.ts";
import { drawRows } from "./shots.ts";

export interface EvaluationOptions {
  readonly folder: string;
  /** The plan and folder of the run that it measures. */
  readonly run: Plan;
  readonly runFolder: string;
  /** Folder that the plan's file patterns are relative to. */
  readonly base: string;
  readonly backend: string;
  /** The command that trains the run, for a diagnostic. */
  readonly train: string;
  readonly signal?: AbortSignal;
  readonly emit?: (event: EvaluationEvent) => void;
}

export type EvaluationEvent =
  | { readonly event: "start"; readonly name: string; readonly run: string; readonly step: number; readonly folder: string; readonly examples: number; readonly shots: readonly number[]; readonly done: number; readonly of: number }
  | { readonly event: "progress"; readonly shots: number; readonly done: number; readonly of: number; readonly seconds_left: number }
  | { readonly event: "shots"; readonly shots: number; readonly metrics: { readonly [metric: string]: number | null }; readonly notes: readonly string[] }
  | { readonly event: "warning"; readonly diagnostic: Diagnostic }
  | { readonly event: "interrupted"; readonly done: number; readonly of: number; readonly folder: string; readonly message: string }
  | { readonly event: "done"; readonly already: boolean; readonly folder: string; readonly result: EvaluationResult };

export type EvaluationOutcome = { readonly status: "done"; readonly result: EvaluationResult } | { readonly status: "interrupted" };

/** Questions that are answered together, and kept together: the same whatever was interrupted. */
const together = 32;

/** Asks, or goes on where it was interrupted. Throws UserError; what was answered before stays. */
export async function runEvaluation(plan: EvaluationPlan, options: EvaluationOptions): Promise<EvaluationOutcome> {
  const { folder, run } = options;
  refuseUntrained(plan, options);
  const lock = lockRun(folder);
  try {
    prepareEvaluation(folder, plan);
    const read = { base: options.base, ...(options.signal ? { signal: options.signal } : {}), warn: (diagnostic: Diagnostic) => options.emit?.({ event: "warning", diagnostic }) };
    const { rows, fingerprint } = await readRows(plan.data, plan.prompt, read);
    const pool = plan.shots.from ? await readRows(plan.shots.from, plan.prompt, read) : null;
    const choices = choicesOfRows(plan, plan.data);
    const solved = plan.shots.from && solvedTargets(plan, plan.shots.from);
    const questions = drawRows(rows.length, plan.limit, plan.seeds.run).map((number, place) => questionOf(plan, rows[number], { number, place }, choices));
    refuseFewShots(plan, questions, pool?.rows ?? []);
    // What a metric cannot be computed from is said before anything is asked.
    scoreAll(plan.metrics, questions.map(({ reference }) => ({ prediction: reference, reference })), rows[0].file);
    const model = await openGenerating(options.runFolder, { cwd: options.base, checkpoint: String(plan.of.checkpoint) });
    const state: EvaluationState = { step: model.step ?? 0, data: fingerprint, shots: pool?.fingerprint ?? null, seconds: 0 };
    const before = sameInputs(readState(folder), state);
    // Answers of other weights or data say nothing about these.
    if (!before) for (const file of ["predictions.jsonl", "result.json"]) rmSync(join(folder, file), { force: true });
    const finished = readResult(folder);
    if (finished) {
      options.emit?.({ event: "done", already: true, folder, result: finished });
      return { status: "done", result: finished };
    }
    const session = keptPrograms(await openSession(options.backend, { file: folder }));
    const weights = uploadAll(session, model.weights);
    try {
      const asked = { session, model, source: keptGraphs(model.source), weights, pool: pool && solved ? pool.rows.map((row) => ({ ...row, targets: solved(row) })) : [] };
      return await answerAll(plan, { ...options, state: { ...state, seconds: before?.seconds ?? 0 }, run }, questions, (some, count) => ask(plan, asked, some, count, options.signal), model.source.encoder ?? model.source.window);
    } finally {
      session.dispose(weights.values());
    }
  } catch (error) {
    if (!options.signal?.aborted || (error as Error).name !== "AbortError") throw error;
    options.emit?.({ event: "interrupted", done: 0, of: 0, folder, message: "interrupted while reading data; the same command starts again" });
    return { status: "interrupted" };
  } finally {
    lock.release();
  }
}

function refuseUntrained(plan: EvaluationPlan, { runFolder, run, train }: EvaluationOptions): void {
  const last = existsSync(join(runFolder, "plan.json")) ? (listCheckpoints(runFolder).map(({ step }) => step).sort((a, b) => b - a)[0] ?? null) : null;
  const steps = run.horizon.steps;
  const problem = last === null ? "was not trained yet" : steps !== null && last < steps ? `stopped after step ${last} of ${steps}` : null;
  if (problem) throw fileError(untrainedRun, runFolder, { run: run.name, evaluation: plan.name, problem, command: train });
}

/** The largest number of shots must be there for every question, before any is asked. */
function refuseFewShots({ shots: { counts } }: EvaluationPlan, questions: readonly Question[], pool: readonly AskedRow[]): void {
  const alike = new Map<string, number>();
  for (const { inputs } of pool) alike.set(inputs, (alike.get(inputs) ?? 0) + 1);
  const shots = counts.at(-1)!;
  for (const { row } of questions) {
    if (pool.length - (alike.get(row.inputs) ?? 0) < shots) throw fileError(tooFewShots, row.file, { shots, pool: pool.length, file: row.file, line: row.line });
  }
}

function sameInputs(was: EvaluationState | null, now: EvaluationState): EvaluationState | null {
  return was && was.step === now.step && was.data === now.data && was.shots === now.shots ? was : null;
}

async function answerAll(plan: EvaluationPlan, options: EvaluationOptions & { readonly state: EvaluationState }, questions: readonly Question[], answer: (some: readonly Question[], count: number) => Promise<Prediction[] | null>, window: number): Promise<EvaluationOutcome> {
  const { folder, state, emit = () => {} } = options;
  const { counts } = plan.shots;
  const chunks = counts.flatMap((count) => Array.from({ length: Math.ceil(questions.length / together) }, (_, i) => ({ count, questions: questions.slice(i * together, (i + 1) * together) })));
  let whole = 0;
  const boundaries = chunks.map((chunk) => (whole += chunk.questions.length));
  const { predictions, bytes } = readPredictions(folder, boundaries);
  const of = counts.length * questions.length;
  const began = performance.now();
  const seconds = (): number => state.seconds + (performance.now() - began) / 1000;
  writeState(folder, state);
  emit({ event: "start", name: plan.name, run: options.run.name, step: state.step, folder, examples: questions.length, shots: counts, done: predictions.length, of });
  const resumed = predictions.length;
  const file = openMetrics(folder, bytes, "predictions.jsonl");
  try {
    for (const [i, chunk] of chunks.entries()) {
      if (boundaries[i] <= resumed) continue;
      const made = options.signal?.aborted ? null : await answer(chunk.questions, chunk.count);
      if (!made) {
        writeState(folder, { ...state, seconds: seconds() });
        emit({ event: "interrupted", done: predictions.length, of, folder, message: `${predictions.length} of ${of} answers are kept; the same command goes on from there` });
        return { status: "interrupted" };
      }
      for (const prediction of made) file.append(prediction);
      file.sync();
      predictions.push(...made);
      const each = (performance.now() - began) / 1000 / (predictions.length - resumed);
      emit({ event: "progress", shots: chunk.count, done: predictions.length, of, seconds_left: each * (of - predictions.length) });
    }
  } finally {
    file.close();
  }
  const metrics: Record<string, number> = {};
  for (const count of counts) {
    const answers = predictions.filter(({ shots }) => shots === count);
    const scored = scoreAll(plan.metrics, answers, folder).map(({ name, measured }): [string, Measured] => [name, measured]);
    for (const [name, { value }] of scored) if (value !== null) metrics[`${count}_shot.${name}`] = value;
    if (count === counts.at(-1)) for (const [name, { value }] of scored) if (value !== null) metrics[name] = value;
    warnShortened(answers, count, window, emit);
    emit({ event: "shots", shots: count, metrics: Object.fromEntries(scored.map(([name, { value }]) => [name, value])), notes: notesOf(answers, scored) });
  }
  const result: EvaluationResult = {
    name: plan.name, kind: "evaluate", hash: plan.hash, of: plan.of, step: state.step, seconds: seconds(), tokens: predictions.reduce((sum, { tokens }) => sum + tokens, 0),
    parameters: options.run.costs.parameters, flops: null, examples: questions.length, metrics,
  };
  writeState(folder, { ...state, seconds: result.seconds });
  writeResult(folder, result);
  emit({ event: "done", already: false, folder, result });
  return { status: "done", result };
}

function warnShortened(answers: readonly Prediction[], shots: number, window: number, emit: (event: EvaluationEvent) => void): void {
  const dropped = answers.filter((one) => one.dropped_shots > 0).length;
  const cut = answers.filter((one) => one.cut_tokens > 0).length;
  if (dropped + cut > 0) emit({ event: "warning", diagnostic: fileDiagnostic(shortenedPrompts, answers[0].file, { shots, examples: answers.length, dropped, cut, window }) });
}

function notesOf(answers: readonly Prediction[], scored: readonly (readonly [string, Measured])[]): string[] {
  const silent = answers.filter(({ answered }) => answered === false).length;
  return [...(silent ? [`${silent} of ${answers.length} texts have no answer where \`chain_of_thought\` looks for it`] : []), ...scored.flatMap(([name, { note }]) => (note ? [`${name}: ${note}`] : []))];
}
