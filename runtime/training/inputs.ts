// What a run reads: its tokenizer and data, and whether they are still what the last checkpoint saw.

import { createHash } from "node:crypto";
import type { Plan } from "../../compiler/plan/schema.ts";
import { namesOfSource } from "../../compiler/plan/source.ts";
import { changedInput } from "../../grammar/diagnostics/PT8005-changed-input.ts";
import { tooFewExamples } from "../../grammar/diagnostics/PT8007-too-few-examples.ts";
import type { CheckpointState } from "../checkpoints/checkpoint.ts";
import type { Dataset } from "../data/batch.ts";
import { openDataset } from "../data/batch.ts";
import type { TokenizerOptions } from "../data/tokenizer.ts";
import { openTokenizer } from "../data/tokenizer.ts";
import { oneClassToTrainOn } from "../../grammar/diagnostics/PT7062-one-class-to-train-on.ts";
import { untrainedLabels } from "../../grammar/diagnostics/PT7063-untrained-labels.ts";
import { fileDiagnostic, fileError } from "../files/user-error.ts";
import type { Tokenizer } from "../tokenizers/define.ts";

export interface Inputs {
  readonly tokenizer: Tokenizer;
  readonly data: Dataset;
  readonly evaluation: Dataset | null;
  /** Hashes by which a resumed run knows them again. */
  readonly fingerprints: { readonly data: string; readonly evaluation: string | null; readonly tokenizer: string };
}

/** What of a plan decides its batches. */
export type DataPlan = Pick<Plan, "tokenizer" | "data" | "objective" | "batch" | "seeds">;

/** Opens what the plan names. Throws UserError (PT70xx). */
export async function openInputs(plan: Plan, options: TokenizerOptions): Promise<Inputs> {
  if (plan.tokenizer === null) throw new Error("the plan has no tokenizer");
  const tokenizer = await openTokenizer(plan.tokenizer, options);
  const settings = { ...options, warn: once(options.warn) };
  const data = await openTrainingData(plan, tokenizer, settings);
  const evaluation = plan.evaluation ? await openDataset(plan.evaluation.data, tokenizer, { ...settingsOf(plan), ...settings, heldOut: true }) : null;
  checkClasses(data, evaluation, settings.warn);
  return { tokenizer, data, evaluation, fingerprints: { data: data.fingerprint, evaluation: evaluation?.fingerprint ?? null, tokenizer: hashOfTokenizer(tokenizer) } };
}

/** The examples that a run trains on; on whichever thread they are opened, the same batches. Throws UserError (PT70xx). */
export async function openTrainingData(plan: DataPlan, tokenizer: Tokenizer, options: TokenizerOptions): Promise<Dataset> {
  if (plan.data === null) throw new Error("the plan has no data");
  return openDataset(plan.data, tokenizer, { ...settingsOf(plan), ...options });
}

export function hashOfTokenizer(tokenizer: Tokenizer): string {
  return createHash("sha256").update(tokenizer.json()).digest("hex");
}

function settingsOf({ objective, batch, seeds, tokenizer }: DataPlan) {
  return { objective, pack: batch.pack, seed: seeds.data, special: tokenizer!.special };
}

/** Classes that training shows, against those of the run and of held-out data. Throws UserError (PT7062). */
function checkClasses(data: Dataset, evaluation: Dataset | null, warn: TokenizerOptions["warn"]): void {
  const trained = data.sources.flatMap(({ source, classes = {} }) => Object.entries(classes).map(([column, counts]) => ({ source, column, counts })));
  for (const column of new Set(trained.map((one) => one.column))) {
    const counts = trained.filter((one) => one.column === column);
    const times = (label: string): number => counts.reduce((sum, one) => sum + (one.counts.find((count) => count.label === label)?.count ?? 0), 0);
    const labels = counts[0].counts.map(({ label }) => label);
    const shown = labels.filter((label) => times(label) > 0);
    if (shown.length === 1) throw fileError(oneClassToTrainOn, counts[0].source, { label: shown[0], column, examples: times(shown[0]) });
    const missing = labels.filter((label) => times(label) === 0);
    const first = (evaluation?.sources ?? []).flatMap(({ classes }) => classes?.[column] ?? []).find(({ label, count }) => count > 0 && missing.includes(label))?.first ?? null;
    if (missing.length > 0) warn?.(fileDiagnostic(untrainedLabels, counts[0].source, { labels: missing, column, first }));
  }
}

/** Training and held-out data are often parts of one source. */
function once(warn: TokenizerOptions["warn"]): TokenizerOptions["warn"] {
  const said = new Set<string>();
  return warn && ((diagnostic) => {
    const key = `${diagnostic.file} ${diagnostic.message}`;
    if (!said.has(key)) warn(diagnostic);
    said.add(key);
  });
}

/** Throws UserError (PT8005) when something differs from what the checkpoint's state says. */
export function checkUnchanged(plan: Plan, state: CheckpointState, { fingerprints }: Inputs, step: number, folder: string): void {
  const was = state.fingerprints as Partial<Inputs["fingerprints"]> | undefined;
  const refuse = (what: "data" | "evaluation data" | "tokenizer", files: readonly string[]): never => {
    throw fileError(changedInput, files[0] ?? folder, { what, files, step, folder });
  };
  if (was?.data !== fingerprints.data) refuse("data", plan.data ? namesOfSource(plan.data) : []);
  if (was?.evaluation !== fingerprints.evaluation) refuse("evaluation data", plan.evaluation ? namesOfSource(plan.evaluation.data) : []);
  if (was?.tokenizer !== fingerprints.tokenizer) refuse("tokenizer", plan.tokenizer?.file ? [plan.tokenizer.file] : []);
}

/** Steps of the run: as planned, or by its epochs or tokens and the data's size. Throws UserError (PT8007). */
export function stepsOfRun(plan: Plan, data: Dataset): number {
  const { steps, epochs, tokens } = plan.horizon;
  if (steps !== null) return steps;
  if (tokens !== null) return Math.ceil(tokens / (plan.batch.examples * plan.objective.streams.inputs.length));
  if (epochs === null) throw new Error("the plan has no horizon");
  const few = plan.objective.entries.some(({ task }) => task !== null && task.examples !== null);
  // A point of a learning curve may have fewer examples than a batch: it meets them again within one.
  if (data.examples < plan.batch.examples && !few) throw fileError(tooFewExamples, plan.data ? namesOfSource(plan.data)[0] : "", { examples: data.examples, batch: plan.batch.examples, what: "data" });
  return Math.ceil((epochs * data.examples) / plan.batch.examples);
}
