// `pt evaluate` of an `evaluate` declaration, of its plan or of its folder: what a trained run answers to prompts.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { emitEvaluation } from "../../compiler/phases/emit-evaluation.ts";
import { isEvaluation, type EvaluationPlan } from "../../compiler/plan/evaluation.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { diagnose } from "../../grammar/diagnostics/define.ts";
import { evaluationWithoutRun } from "../../grammar/diagnostics/PT5110-evaluation-without-run.ts";
import { untrainedRun } from "../../grammar/diagnostics/PT8040-untrained-run.ts";
import { readJson } from "../ablations/finished.ts";
import { chooseBackend } from "../backends/_choose.ts";
import { runEvaluation } from "../evaluation/run.ts";
import { fileError, UserError } from "../files/user-error.ts";
import { isFolder } from "../host.ts";
import { withClasses } from "../runs/labels.ts";
import { baseOf, checkSpec, openRunFolder } from "../runs/open.ts";
import { evaluationReporter } from "../terminal/evaluation-reporter.ts";
import { runFolder } from "../training/run-folder.ts";
import type { Args, ExitCode, Io } from "./define.ts";

/** An evaluation that a command line names. */
export interface OpenedEvaluation {
  readonly plan: EvaluationPlan;
  readonly folder: string;
  /** What it measures. */
  readonly run: Plan;
  readonly runFolder: string;
  /** Folder that data files are relative to. */
  readonly base: string;
  /** The command that trains the run, for a diagnostic. */
  readonly train: string;
}

/** Null for what is no evaluation. Throws UserError. */
export async function evaluationIn({ values }: Args, io: Io): Promise<OpenedEvaluation | null> {
  const name = values.RUN_DIR!;
  const path = resolve(io.cwd, name);
  const out = resolve(io.cwd, values["--out"] ?? "runs");
  const base = values["--base"] === undefined ? null : resolve(io.cwd, values["--base"]);
  if (isFolder(path)) {
    const plan = readJson(join(path, "evaluation.json"));
    return isEvaluation(plan) ? ofPlan(plan, path, dirname(path), base ?? baseOf(path)) : null;
  }
  if (name.endsWith(".json")) {
    const plan = readJson(path);
    return isEvaluation(plan) ? ofPlan(plan, runFolder(out, plan), out, base ?? dirname(path)) : null;
  }
  return values.RUN === undefined ? null : declaredEvaluation(name, values.RUN, { out, base: base ?? dirname(path) }, io);
}

/** The run is among the runs of `out`. */
async function ofPlan(plan: EvaluationPlan, folder: string, out: string, base: string): Promise<OpenedEvaluation> {
  const { run, hash } = plan.of;
  const measured = runFolder(out, { name: run, hash });
  const train = `pt train ${measured}`;
  if (!existsSync(join(measured, "plan.json"))) throw fileError(untrainedRun, measured, { run, evaluation: plan.name, problem: "was not trained yet", command: train });
  return { plan, folder, run: (await openRunFolder(measured)).plan, runFolder: measured, base, train };
}

async function declaredEvaluation(file: string, name: string, { out, base }: { readonly out: string; readonly base: string }, io: Io): Promise<OpenedEvaluation | null> {
  const checked = checkSpec(file, io.cwd);
  const open = checked.program.entry.declarations.find((declared) => declared.word === "evaluate" && declared.name === name);
  if (!open) return null;
  const first = checked.evaluations.get(name);
  const result = first && !checked.context.sink.errors ? await withClasses(checked, [first.of.run], { base, signal: io.signal }) : checked;
  const spec = result.evaluations.get(name);
  const made = spec && !result.context.sink.errors ? emitEvaluation(spec, result.context) : null;
  if (!made) throw new UserError(result.context.sink.errors ? result.diagnostics : [diagnose(evaluationWithoutRun, open.place, { name })]);
  return { ...made, folder: runFolder(out, made.plan), runFolder: runFolder(out, made.run), base, train: `pt train ${file} ${made.run.name}` };
}

/** Interrupted, it must not be taken for measured in a script. */
const interruptedCode = 3;

export async function runOpened(opened: OpenedEvaluation, { values, on }: Args, io: Io): Promise<ExitCode> {
  const { plan, ...places } = opened;
  const reporter = evaluationReporter(plan, io, on["--json"]);
  try {
    const { status } = await runEvaluation(plan, { ...places, backend: await chooseBackend(values["--backend"], io), signal: io.signal, emit: reporter.emit });
    return status === "done" ? 0 : interruptedCode;
  } finally {
    reporter.end();
  }
}
