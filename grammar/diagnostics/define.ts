// The contract of a diagnostic: one record per code, and the plain value that a user sees.

import type { Span } from "../ast.ts";

export interface Position { /** 1-based */ readonly line: number; /** 1-based, in UTF-16 units */ readonly column: number; /** 0-based, in UTF-16 units */ readonly offset: number }
export interface Edit { readonly start: number; readonly end: number; readonly text: string }
export interface Fix { readonly title: string; readonly edits: readonly Edit[] }
export interface Related { readonly message: string; readonly file: string; readonly start: Position; readonly end: Position }
export type Severity = "error" | "warning";

/** What is printed and returned: `--json` has exactly these names. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
  readonly related?: readonly Related[];
  readonly fixes: readonly Fix[];
}

/** Files by name, `main.pt` first; with `command` the arguments of `pt` that must report the code (default: `check main.pt`). */
export interface Example { readonly files: Readonly<Record<string, string>>; readonly command?: readonly string[] }

export interface DiagnosticRecord<Data = unknown> {
  /** Permanent; never reused. */
  readonly code: `PT${number}`;
  readonly slug: string;
  readonly severity: Severity;
  /** One line of what the code means, for lists. */
  readonly title: string;
  readonly message: (data: Data) => string;
  readonly hint?: (data: Data) => string | undefined;
  /** Markdown paragraphs of `pt explain`: why it is refused and what to do. */
  readonly page: string;
  /** Text of a file (or files) that must fail with this code, and the same mended, which must pass. */
  readonly failing: string | Example;
  readonly fixed: string | Example;
}

export function defineDiagnostic<Data = Record<string, never>>(record: DiagnosticRecord<Data>): DiagnosticRecord<Data> {
  return record;
}

/** Where a report points: a file's text gives line and column. */
export interface Place { readonly file: string; readonly text: string; readonly span: Span }
export interface Extras { readonly fixes?: readonly Fix[]; readonly related?: readonly { readonly message: string; readonly place: Place }[] }

/** Makes the plain value of a record at a place. A place without text (a data file, a folder) is line 1, column 1. */
export function diagnose<Data>(record: DiagnosticRecord<Data>, place: Place, data: Data, extras: Extras = {}): Diagnostic {
  const hint = record.hint?.(data);
  return {
    code: record.code,
    severity: record.severity,
    message: record.message(data),
    ...(hint === undefined ? {} : { hint }),
    file: place.file,
    ...range(place),
    ...(extras.related?.length ? { related: extras.related.map((item) => ({ message: item.message, file: item.place.file, ...range(item.place) })) } : {}),
    fixes: extras.fixes ?? [],
  };
}

function range(place: Place): { start: Position; end: Position } {
  return { start: positionAt(place.text, place.span.start), end: positionAt(place.text, place.span.end) };
}

/** Line and column of an offset; `\r\n`, `\r` and `\n` end a line. */
export function positionAt(text: string, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, text.length));
  const starts = lineStarts(text);
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= clamped) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: clamped - starts[low]! + 1, offset: clamped };
}

let lastText = "";
let lastStarts: readonly number[] = [0];

/** Where the lines of a text start. The last text's are kept: a file with many mistakes asks many times. */
function lineStarts(text: string): readonly number[] {
  if (text === lastText) return lastStarts;
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  lastText = text;
  lastStarts = starts;
  return starts;
}
