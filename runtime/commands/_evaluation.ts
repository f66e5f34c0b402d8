// `pt evaluate FILE NAME` for an `evaluate` declaration: what a trained run answers to prompts.

import { dirname, resolve } from "node:path";
import { emitEvaluation } from "../../compiler/phases/emit-evaluation.ts";
import type { CheckResult } from "../../compiler/check.ts";
import { diagnose } from "../../grammar/diagnostics/define.ts";
import { evaluationWithoutRun } from "../../grammar/diagnostics/PT5090-evaluation-without-run.ts";
import { chooseBackend } from "../backends/_choose.ts";
import { runEvaluation } from "../evaluation/run.ts";
import { UserError } from "../files/user-error.ts";
import { checkSpec } from "../runs/open.ts";
import { evaluationReporter } from "../terminal/evaluation-reporter.ts";
import { runFolder } from "../training/run-folder.ts";
import { isFolder } from "../host.ts";
import type { Args, ExitCode, Io } from "./define.ts";

/** The checked spec where the command line names an `evaluate` of it; null for anything else. */
export function evaluationIn({ values }: Args, io: Io): CheckResult | null {
  const name = values.RUN_DIR!;
  if (values.RUN === undefined || name.endsWith(".json") || isFolder(resolve(io.cwd, name))) return null;
  const result = checkSpec(name, io.cwd);
  return result.program.entry.declarations.some((declared) => declared.word === "evaluate" && declared.name === values.RUN) ? result : null;
}

/** Interrupted, it must not be taken for measured in a script. */
const interruptedCode = 3;

export async function evaluateDeclared(result: CheckResult, { values, on }: Args, io: Io): Promise<ExitCode> {
  const file = values.RUN_DIR!;
  const spec = result.evaluations.get(values.RUN!);
  const made = spec && !result.context.sink.errors ? emitEvaluation(spec, result.context) : null;
  const open = result.program.entry.declarations.find((declared) => declared.name === values.RUN)!;
  if (!made) throw new UserError(result.context.sink.errors ? result.diagnostics : [diagnose(evaluationWithoutRun, open.place, { name: open.name })]);
  const { plan, run } = made;
  const out = resolve(io.cwd, values["--out"] ?? "runs");
  const reporter = evaluationReporter(plan, io, on["--json"]);
  try {
    const { status } = await runEvaluation(plan, {
      folder: runFolder(out, plan), run, runFolder: runFolder(out, run), base: values["--base"] === undefined ? dirname(resolve(io.cwd, file)) : resolve(io.cwd, values["--base"]),
      backend: await chooseBackend(values["--backend"], io), train: `pt train ${file} ${run.name}`, signal: io.signal, emit: reporter.emit,
    });
    return status === "done" ? 0 : interruptedCode;
  } finally {
    reporter.end();
  }
}
