// What evaluation needs besides an expression and a scope.

import type { Span } from "../../../grammar/ast.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import { placeOf, createSink, type Declared, type Host, type Origin, type Scope, type Sink, type Thunk } from "../1-resolve/program.ts";
import type { Catalog, Vocabulary } from "./vocabulary.ts";

export interface Context {
  readonly sink: Sink;
  readonly host: Host;
  readonly catalog: Catalog;
  readonly vocabulary: Vocabulary;
  /** Folder of the entry file; paths in plans are relative to it. */
  readonly folder: string;
  /** Thunks being evaluated, to refuse what is defined by itself. */
  readonly active: Set<object>;
  /** Numbers and masks of thunks already evaluated: a name that is used twice is evaluated once. */
  readonly known: WeakMap<object, unknown>;
  /** Runs already checked, by declaration; null for one with errors. */
  readonly runs: Map<object, unknown>;
  /** Declarations that stand for others while a row of an ablation is checked: whatever starts from the baseline starts from the row. */
  readonly rebased?: ReadonlyMap<object, Declared>;
  /** Files whose runs a measure may name, while an ablation is checked. */
  readonly ablated?: readonly Scope[];
  /** Graphs of runs that differ only in what reaches no graph are built once. Without it each emission builds its own. */
  readonly built?: Map<string, unknown>;
  /** Set once something was refused for its depth or size: what hangs on it is not followed again. */
  readonly limits: { exceeded: boolean };
}

export const silent = (context: Context): Context => ({ ...context, sink: createSink() });

/** Origin of a value that `thunk` gives; a place only where it was written. */
export function at(scope: Scope, span: Span): Place {
  return placeOf(scope.source, span);
}

export function thunkOf(expression: Thunk["expression"], scope: Scope, how: Origin["how"] = "written"): Thunk {
  return { expression, scope, origin: { how, place: at(scope, expression.span) } };
}

/** A thunk that yields a number which no text gives. */
export function injectedNumber(value: number, scope: Scope, origin: Origin): Thunk {
  return { expression: { kind: "number", value, raw: String(value), percent: false, span: { start: 0, end: 0 } }, scope, origin, injected: value };
}
