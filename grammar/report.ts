// Collects the diagnostics of one file's text while it is read.

import type { Span } from "./ast.ts";
import { diagnose, type Diagnostic, type DiagnosticRecord, type Fix } from "./diagnostics/define.ts";

/** What a report may add: `fix` is one edit, `related` points at another place of the same file. */
export interface Additions {
  readonly fix?: { readonly title: string; readonly span: Span; readonly text: string } | undefined;
  readonly related?: { readonly message: string; readonly span: Span } | undefined;
}

export interface Reporter {
  readonly file: string;
  readonly text: string;
  readonly diagnostics: Diagnostic[];
  /** Adds the diagnostic of a record at a span of the text. */
  readonly report: <Data>(record: DiagnosticRecord<Data>, span: Span, data: Data, additions?: Additions) => void;
}

/** A reporter for one text. */
export function createReporter(text: string, file: string): Reporter {
  const diagnostics: Diagnostic[] = [];
  return {
    file, text, diagnostics,
    report(record, span, data, { fix, related } = {}) {
      const fixes: Fix[] = fix ? [{ title: fix.title, edits: [{ start: fix.span.start, end: fix.span.end, text: fix.text }] }] : [];
      diagnostics.push(diagnose(record, { file, text, span }, data, {
        fixes,
        ...(related ? { related: [{ message: related.message, place: { file, text, span: related.span } }] } : {}),
      }));
    },
  };
}
