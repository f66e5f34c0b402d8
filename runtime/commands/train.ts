// pt train: trains a run, or goes on with it; what it starts or learns from is trained first.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { mergedWeights } from "../../compiler/adapt.ts";
import { canonical } from "../../compiler/plan/canonical.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { missingWeights } from "../../grammar/diagnostics/PT8011-missing-weights.ts";
import { chooseBackend } from "../backends/_choose.ts";
import { listCheckpoints, loadCheckpoint } from "../checkpoints/checkpoint.ts";
import { fileError, UserError } from "../files/user-error.ts";
import { writeAtomically } from "../files/write.ts";
import { compareVariants, comparisonText, type Compared } from "../runs/comparison.ts";
import { configHash } from "../huggingface/describe.ts";
import { readHuggingFace } from "../huggingface/read.ts";
import { locationText, openPlan, openRunFolder } from "../runs/open.ts";
import { printDiagnostics } from "../terminal/diagnostics.ts";
import { trainReporter } from "../terminal/train-reporter.ts";
import type { Emit } from "../training/events.ts";
import { trainPlan, type TrainOutcome } from "../training/loop.ts";
import { initialParameters, type Tensors } from "../training/parameters.ts";
import { runFolder } from "../training/run-folder.ts";
import { defineCommand, type Io } from "./define.ts";

export const trainCommand = defineCommand({
  word: "train",
  summary: "Train a run, or go on with it.",
  arguments: [
    { name: "FILE", doc: "a spec, a plan, or the folder of a run to go on with", required: true },
    { name: "RUN", doc: "which run of the spec; may be left out when it has one" },
  ],
  flags: [
    { name: "--backend", value: "BACKEND", doc: "where to compute; the fastest that runs here by default (`pt backends`)" },
    { name: "--out", value: "DIR", doc: "folder of run folders (default: runs)" },
    { name: "--base", value: "DIR", doc: "folder that data files are relative to (default: that of the spec)" },
    { name: "--json", doc: "print events as JSON lines" },
  ],
  examples: [
    { line: "pt train spec.pt small", does: "train the run `small`; the same command resumes it after an interruption" },
    { line: "pt train plan.json --base texts", does: "train a compiled plan, its data files relative to `texts`" },
  ],
  run: async (args, io) => {
    const opened = await openPlan(args.values.FILE!, { cwd: io.cwd, run: args.values.RUN, base: args.values["--base"] });
    const out = resolve(io.cwd, args.values["--out"] ?? "runs");
    const backend = await chooseBackend(args.values["--backend"], io);
    let initial: Tensors | undefined;
    const trained: Compared[] = [];
    for (const plan of [...opened.before, ...opened.variants.map((variant) => variant.plan)]) {
      const folder = opened.folder ?? runFolder(out, plan);
      // A run that has begun has weights of its own.
      if (plan.from && !listCheckpoints(folder).length) initial = plan.from.imported ? await weightsImported(plan, opened.base, io.cwd) : await weightsFrom(plan, opened.folder ? dirname(opened.folder) : out);
      const outcome = await trainOne(plan, { folder, base: opened.base, backend, initial, json: args.on["--json"] }, io);
      if (outcome.status === "interrupted") return interruptedCode;
      initial = undefined;
      const variant = opened.variants.find((one) => one.plan === plan);
      if (variant) trained.push({ ...variant, folder });
    }
    const comparison = compareVariants(opened.plan.name, trained);
    if (comparison) io.stdout.write(args.on["--json"] ? `${JSON.stringify({ event: "comparison", ...comparison })}\n` : `\n${comparisonText(comparison)}`);
    return 0;
  },
});

/** What comes after an interrupted run in a script must not take it for a trained one. */
const interruptedCode = 3;

async function trainOne(plan: Plan, options: { folder: string; base: string; backend: string; initial?: Tensors; json: boolean }, io: Io): Promise<TrainOutcome> {
  const { folder, base, backend, initial } = options;
  const reporter = trainReporter(plan, io, options.json);
  let located = false;
  const emit: Emit = (event) => {
    // Events come once the run is locked: whoever is refused changes nothing.
    if (!located && event.event !== "warning") {
      const location = locationText(folder, base);
      writeAtomically(location.path, location.text);
      located = true;
    }
    reporter.emit(event);
    if (event.event === "start" || event.event === "checkpoint") io.keeps?.(event.step > 0 ? `${folder} keeps what was saved after step ${event.step}; the same command goes on from there` : "nothing was saved yet; the same command starts again");
  };
  try {
    const outcome = await trainPlan(plan, { folder, base, backend, initial, emit, signal: io.signal, cache: join(folder, "..", ".cache") });
    if (outcome.status === "done" || (outcome.status === "already" && !existsSync(join(folder, "report.html")))) await report(folder, io);
    return outcome;
  } finally {
    reporter.end();
  }
}

/** The run is saved by now: a report that cannot be written is said, and fails nothing. */
async function report(folder: string, io: Io): Promise<void> {
  try {
    const { writeFolderReport } = await import("../reports/_report.ts");
    await writeFolderReport(folder);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    printDiagnostics(error.diagnostics, io.stderr, io);
  }
}

/** Weights of the run that a plan starts from, by name and shape; what that run lacks is fresh. Throws UserError. */
async function weightsFrom(plan: Plan, out: string): Promise<Tensors> {
  const { run, hash, checkpoint } = plan.from!;
  const folder = runFolder(out, { name: run, hash });
  const loaded = listCheckpoints(folder).length ? await loadCheckpoint(folder, checkpoint) : null;
  if (!loaded) throw fileError(missingWeights, folder, { run, folder, problem: "it was not trained" });
  const { plan: earlier } = await openRunFolder(folder);
  // What an earlier adaptation learned beside the weights goes into them, unless this run has it too.
  const weights = canonical(earlier.adapt) === canonical(plan.adapt) ? loaded.weights : mergedWeights(loaded.weights, earlier.adapt);
  if (!weights) throw fileError(missingWeights, folder, { run, folder, problem: `what \`${earlier.adapt!.word}\` added to it cannot be a part of plain weights; let this run \`adapt\` in the same way` });
  return startingWith(plan, weights, folder);
}

/** Weights of a model of another program. Throws UserError (PT72xx, PT8011). */
async function weightsImported(plan: Plan, base: string, cwd: string): Promise<Tensors> {
  const folder = resolve(base, plan.from!.run);
  const { weights, config } = await readHuggingFace(folder, { cwd });
  if (configHash(config) !== plan.from!.hash) throw fileError(missingWeights, folder, { run: plan.from!.run, folder, problem: "its config.json is another one than the plan was made for" });
  return startingWith(plan, weights, folder);
}

/** Initial parameters with these in their places; new heads, and what an adaptation adds, stay fresh. */
function startingWith(plan: Plan, weights: Tensors, folder: string): Tensors {
  const { run } = plan.from!;
  const initial = new Map(initialParameters(plan));
  const wrong: string[] = [];
  for (const [name, tensor] of weights) {
    const own = initial.get(name);
    if (!own) continue;
    if (own.shape.join() === tensor.shape.join()) initial.set(name, tensor);
    else wrong.push(`\`${name}\` is [${tensor.shape.join(", ")}] there and [${own.shape.join(", ")}] here`);
  }
  if (wrong.length) throw fileError(missingWeights, folder, { run, folder, problem: wrong.slice(0, 3).join("; ") });
  return initial;
}
