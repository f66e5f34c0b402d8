// Phase 2: every declaration of a file against the records, and every run against itself.

import { knownEverywhere } from "../../../grammar/diagnostics/PT2031-known-everywhere.ts";
import { blocks } from "../../../grammar/blocks/index.ts";
import type { BlockDefinition } from "../../../grammar/blocks/define.ts";
import type { EvaluationSpec } from "../../evaluation-spec.ts";
import type { AblationSpec } from "../../ablations/spec.ts";
import type { RunSpec } from "../../run-spec.ts";
import type { Declared, FileScope, Thunk } from "../1-resolve/program.ts";
import { checkAblation } from "./ablations/ablation.ts";
import { bindParameters } from "./calls.ts";
import { injectedNumber, silent, type Context } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { evaluateMaskThunk } from "./masks.ts";
import { instantiate, sizeDependent } from "./model.ts";
import { declaredObjective } from "./objectives.ts";
import { checkEvaluation } from "./evaluation.ts";
import { checkFields } from "./fields.ts";
import { checkRun } from "./run.ts";
import { sourceOf, tokenizerOf, whereOf } from "./sources.ts";
import { chatOf } from "./templates.ts";
import { reportUnused } from "./unused.ts";

export interface Checked { readonly runs: ReadonlyMap<string, RunSpec>; readonly evaluations: ReadonlyMap<string, EvaluationSpec>; readonly ablations: ReadonlyMap<string, AblationSpec>; readonly scope: FileScope }

/** Numbers that stand for parameters without a value, when a declaration is checked that nothing calls. */
const assumption = 2;

export function checkFile(scope: FileScope, context: Context): Checked {
  const runs = new Map<string, RunSpec>();
  const evaluations = new Map<string, EvaluationSpec>();
  const ablations = new Map<string, AblationSpec>();
  for (const declared of scope.declarations) {
    if (declared.word === "evaluate") {
      const evaluation = declared.parameters.some((parameter) => !parameter.value) ? null : checkEvaluation(declared, context);
      if (evaluation) evaluations.set(evaluation.name, evaluation);
      continue;
    }
    if (declared.word === "ablation") {
      const ablation = checkAblation(declared, context);
      if (ablation) ablations.set(ablation.name, ablation);
      continue;
    }
    const run = checkDeclaration(declared, context);
    if (run) runs.set(run.name, run);
  }
  for (const [name, list] of scope.bindings) {
    for (const binding of list) if (binding.kind === "let") checkLet(name, binding.thunk, context);
  }
  reportUnused(scope, context);
  return { runs, evaluations, ablations, scope };
}

function checkDeclaration(declared: Declared, context: Context): RunSpec | null {
  const block: BlockDefinition = blocks[declared.word as keyof typeof blocks];
  refuseKnown(declared, context);
  const open = declared.parameters.some((parameter) => !parameter.value);
  switch (declared.word) {
    case "model":
      checkModel(declared, context, open);
      return null;
    case "mask":
      checkMask(declared, context, open);
      return null;
    case "data":
      if (!open) sourceOf(declared, null, context);
      return null;
    case "tokenizer":
      if (!open) tokenizerOf(declared, context);
      return null;
    case "template":
      if (!open) chatOf(declared, context);
      return null;
  }
  if (declared.word === "objective") {
    checkObjective(declared, context);
    return null;
  }
  if (open) return null;
  if (block.run) return checkRun(declared, context);
  const where = whereOf(declared, {}, context);
  if (where) checkFields(declared.fields, block.fields, where, context);
  return null;
}

/** With assumed sizes only what does not depend on them is reported. */
function checkModel(declared: Declared, context: Context, open: boolean): void {
  const quiet = open ? silent(context) : context;
  instantiate(declared, {}, { place: declared.place, assume: assumption }, quiet);
  if (!open) return;
  for (const diagnostic of quiet.sink.diagnostics) if (!sizeDependent.test(diagnostic.code)) context.sink.add(diagnostic);
}

function checkMask(declared: Declared, context: Context, open: boolean): void {
  if (!declared.value) return;
  const assumed: Record<string, Thunk> = {};
  if (open) for (const parameter of declared.parameters) if (!parameter.value) assumed[parameter.name] = injectedNumber(assumption, declared.scope, { how: "assumed", place: parameter.place });
  const inner = bindParameters(declared, {}, declared.place, context, assumed);
  if (inner) evaluateMaskThunk({ ...declared.value, scope: inner(declared.value.scope) }, context);
}

/** A parameter without a default counts as 15 %, which is a share and a number. */
function checkObjective(declared: Declared, context: Context): void {
  const given = Object.fromEntries(declared.parameters.filter((parameter) => !parameter.value).map((parameter) => [parameter.name, { ...injectedNumber(0.15, declared.scope, { how: "assumed", place: parameter.place }) }]));
  const quiet = Object.keys(given).length ? silent(context) : context;
  declaredObjective(declared, given, declared.place, quiet);
  if (quiet !== context) for (const diagnostic of quiet.sink.diagnostics) if (!sizeDependent.test(diagnostic.code)) context.sink.add(diagnostic);
}

/** The named objectives and masks mean the same in every file. The file that declares them is the one that may. */
function refuseKnown(declared: Declared, context: Context): void {
  if (declared.word !== "objective" && declared.word !== "mask") return;
  const words = context.vocabulary[declared.word];
  if (Object.hasOwn(words, declared.name) && declared.scope.source.text !== context.catalog.prelude.text) context.sink.report(knownEverywhere, declared.place, { name: declared.name, kind: declared.word });
}

/** A file-level `let` that no declaration reaches is checked by what it looks like. */
function checkLet(_: string, thunk: Thunk, context: Context): void {
  const { expression } = thunk;
  if (expression.kind === "binary" && ["&", "|", "<", "<=", ">", ">=", "==", "!="].includes(expression.operator)) evaluateMaskThunk(thunk, context);
  else if (expression.kind === "binary" || expression.kind === "unary") evaluate(thunk, { type: "number" }, silent(context));
}
