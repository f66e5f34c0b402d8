// The compiler as a value: text in, diagnostics and plans out. No file, clock or random source; the host answers for imports.

import type { BlockDefinition } from "../grammar/blocks/define.ts";
import { blocks } from "../grammar/blocks/index.ts";
import { unknownRun } from "../grammar/diagnostics/PT6102-unknown-run.ts";
import type { Diagnostic } from "../grammar/diagnostics/define.ts";
import { check, sorted, type CheckResult } from "./check.ts";
import type { Declared, Host } from "./phases/1-resolve/program.ts";
import type { Catalog } from "./phases/2-check/vocabulary.ts";
import type { Firing } from "./phases/5-optimize.ts";
import { emit } from "./phases/6-emit.ts";
import type { Plan } from "./plan/schema.ts";
import type { RunSpec } from "./run-spec.ts";

export { check, noFiles, type CheckResult } from "./check.ts";
export type { Catalog } from "./phases/2-check/vocabulary.ts";
export type { Host } from "./phases/1-resolve/program.ts";

export type CompileResult = { readonly plan: Plan; readonly run: RunSpec; readonly diagnostics: readonly Diagnostic[] } | { readonly plan: null; readonly diagnostics: readonly Diagnostic[] };

export interface CompileOptions {
  readonly file?: string;
  readonly host?: Host;
  /** Name of the run; may be left out when the file has one. */
  readonly run?: string;
  readonly onFire?: (graph: string, firing: Firing) => void;
}

/** The plan of one run. The same text and catalog give the same bytes on every machine. */
export function compile(text: string, catalog: Catalog, options: CompileOptions = {}): CompileResult {
  const result = check(text, catalog, options);
  return compileRun(result, options.run, options.onFire);
}

function declaredRuns({ program }: CheckResult): Declared[] {
  return program.entry.declarations.filter((one) => (blocks as Readonly<Record<string, BlockDefinition>>)[one.word].run);
}

/** The run of this name, or the only one; undefined where it is not there, or has errors. */
export function chosenRun(result: CheckResult, name: string | undefined): RunSpec | undefined {
  const declared = declaredRuns(result);
  const chosen = name ?? (declared.length === 1 ? declared[0].name : undefined);
  return chosen === undefined ? undefined : result.runs.get(chosen);
}

/** The same from a file already checked. */
export function compileRun(result: CheckResult, name: string | undefined, onFire?: CompileOptions["onFire"]): CompileResult {
  const { context, program } = result;
  const declared = declaredRuns(result);
  const chosen = name ?? (declared.length === 1 ? declared[0].name : undefined);
  const run = chosenRun(result, name);
  if (!run && !declared.some((one) => one.name === chosen)) {
    const names = declared.map((one) => one.name);
    const { source } = program.entry;
    const place = { file: source.file, text: source.text, span: { start: 0, end: 0 } };
    context.sink.report(unknownRun, place, { name: chosen ?? "", names, evaluation: program.entry.declarations.some((one) => one.word === "evaluate" && one.name === chosen) });
  }
  const plan = run && context.sink.errors === 0 ? emit(run, context, onFire) : null;
  const diagnostics = sorted(context.sink.diagnostics, program.entry.source.file);
  return plan && run ? { plan, run, diagnostics } : { plan: null, diagnostics };
}
