// The compiler as a value: text in, diagnostics and plans out. No file, clock or random source; the host answers for imports.

import { unknownRun } from "../grammar/diagnostics/PT6102-unknown-run.ts";
import type { Diagnostic } from "../grammar/diagnostics/define.ts";
import { createSink, type Host } from "./phases/1-resolve/program.ts";
import { load, type Program } from "./phases/1-resolve/load.ts";
import { checkFile, type Checked } from "./phases/2-check/check.ts";
import type { Context } from "./phases/2-check/context.ts";
import { folderOf } from "./phases/2-check/paths.ts";
import { vocabularyOf, type Catalog } from "./phases/2-check/vocabulary.ts";
import { emit } from "./phases/6-emit.ts";
import type { Firing } from "./phases/5-optimize.ts";
import type { Plan } from "./plan/schema.ts";
import type { RunSpec } from "./run-spec.ts";

export type { Catalog } from "./phases/2-check/vocabulary.ts";
export type { Host } from "./phases/1-resolve/program.ts";

/** A host without files: every import is missing. */
export const noFiles: Host = { read: () => undefined, resolve: (_, specifier) => ({ file: specifier }) };

export interface CheckResult extends Checked { readonly diagnostics: readonly Diagnostic[]; readonly program: Program; readonly context: Context }

/** Checks a file and all that it declares. Diagnostics are in the order of files and offsets. */
export function check(text: string, catalog: Catalog, options: { readonly file?: string; readonly host?: Host } = {}): CheckResult {
  const { file = "main.pt", host = noFiles } = options;
  const sink = createSink();
  const program = load(text, file, host, sink);
  const context: Context = { sink, host, catalog, vocabulary: vocabularyOf(catalog), folder: folderOf(file), active: new Set() };
  const checked = checkFile(program.entry, context);
  return { ...checked, program, context, diagnostics: sorted(sink.diagnostics, file) };
}

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

/** The same from a file already checked. */
export function compileRun(result: CheckResult, name: string | undefined, onFire?: CompileOptions["onFire"]): CompileResult {
  const { context, program, runs } = result;
  const declared = program.entry.declarations.filter((one) => one.word === "pretrain");
  const chosen = name ?? (declared.length === 1 ? declared[0].name : undefined);
  const run = chosen === undefined ? undefined : runs.get(chosen);
  if (!run && !declared.some((one) => one.name === chosen)) {
    const names = declared.map((one) => one.name);
    const { source } = program.entry;
    const place = { file: source.file, text: source.text, span: { start: 0, end: 0 } };
    context.sink.report(unknownRun, place, { name: chosen ?? "", names });
  }
  const plan = run && context.sink.errors === 0 ? emit(run, context, onFire) : null;
  const diagnostics = sorted(context.sink.diagnostics, program.entry.source.file);
  return plan && run ? { plan, run, diagnostics } : { plan: null, diagnostics };
}

/** The entry file's first, then the others by name; by place within a file. */
function sorted(diagnostics: readonly Diagnostic[], entry: string): Diagnostic[] {
  return [...diagnostics].sort((a, b) => Number(b.file === entry) - Number(a.file === entry) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start.offset - b.start.offset));
}
