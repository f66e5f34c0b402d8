// The rows that an evaluation asks about and draws its solved examples from, all of them in memory.

import { rowsLeftOut } from "../../grammar/diagnostics/PT7055-rows-left-out.ts";
import { nothingToAsk } from "../../grammar/diagnostics/PT8054-nothing-to-ask.ts";
import type { PlanPrompt } from "../../compiler/template.ts";
import type { PlanSource } from "../../compiler/plan/schema.ts";
import { leavesOfSource, namesOfSource, partOfSource } from "../../compiler/plan/source.ts";
import { documentsOf, rowsOf, type DocumentOptions } from "../data/documents.ts";
import { promptFiller, type FilledPrompt, type RowValues } from "../data/prompts.ts";
import { fileDiagnostic, fileError } from "../files/user-error.ts";

/** A row with its prompt filled; `line` counts from 1. */
export interface AskedRow extends FilledPrompt { readonly file: string; readonly line: number; readonly values: RowValues }

export interface AskedRows { readonly rows: readonly AskedRow[]; readonly fingerprint: string }

/** Of a mixture the rows of each entry once, in order. Throws UserError (PT70xx), also where there are none. */
export async function readRows(source: PlanSource, prompt: PlanPrompt, options: DocumentOptions): Promise<AskedRows> {
  const rows: AskedRow[] = [];
  const fingerprints: string[] = [];
  for (const leaf of leavesOfSource(source)) {
    const fill = promptFiller(prompt, leaf);
    const add = (file: string, line: number, values: RowValues): void => void rows.push({ file, line, values, ...fill(values) });
    if (leaf.kind === "files") {
      const { fingerprint, malformed: { count: malformed, rows: whole, first } } = await each(rowsOf(leaf, options), ({ file, line, values }) => add(file, line, values));
      if (malformed > 0) options.warn?.(fileDiagnostic(rowsLeftOut, leaf.files.join(", "), { malformed, rows: whole, first }));
      fingerprints.push(fingerprint);
    } else {
      const { fingerprint } = await each(documentsOf(leaf, options), (text) => add(leaf.generator.word, rows.length + 1, { text }));
      fingerprints.push(fingerprint);
    }
  }
  if (!rows.length) throw fileError(nothingToAsk, namesOfSource(source)[0], { files: namesOfSource(source), part: partOfSource(source) });
  return { rows, fingerprint: fingerprints.join(" ") };
}

async function each<T, R>(batches: AsyncGenerator<readonly T[], R>, visit: (item: T) => void): Promise<R> {
  for (;;) {
    const next = await batches.next();
    if (next.done) return next.value;
    next.value.forEach(visit);
  }
}
