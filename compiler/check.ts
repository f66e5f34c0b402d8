// Text in, diagnostics and checked runs out. No file, clock or random source; the host answers for imports.

import type { Diagnostic } from "../grammar/diagnostics/define.ts";
import { withoutCascades } from "./cascade.ts";
import { createSink, type Host } from "./phases/1-resolve/program.ts";
import { load, type Program } from "./phases/1-resolve/load.ts";
import { checkFile, type Checked } from "./phases/2-check/check.ts";
import type { Context } from "./phases/2-check/context.ts";
import { folderOf } from "./phases/2-check/paths.ts";
import { vocabularyOf, type Catalog } from "./phases/2-check/vocabulary.ts";

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
  const context: Context = { sink, host, catalog, vocabulary: vocabularyOf(catalog), folder: folderOf(file), active: new Set(), known: new WeakMap(), runs: new Map(), limits: { exceeded: false } };
  const checked = checkFile(program.entry, context);
  return { ...checked, program, context, diagnostics: sorted(withoutCascades(sink.diagnostics, [...program.files.values()].map((scope) => scope.source.tree)), file) };
}

/** The entry file's first, then the others by name; by place within a file. */
export function sorted(diagnostics: readonly Diagnostic[], entry: string): Diagnostic[] {
  return [...diagnostics].sort((a, b) => Number(b.file === entry) - Number(a.file === entry) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start.offset - b.start.offset));
}
