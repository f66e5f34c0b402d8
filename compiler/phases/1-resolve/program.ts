// What resolving produces: files with their names bound, and declarations with `extends` merged in.

import type { Argument, Declaration, Expression, Span, Statement, Tree } from "../../../grammar/ast.ts";
import type { PlanSource } from "../../plan/schema.ts";
import type { Diagnostic, DiagnosticRecord, Extras, Place } from "../../../grammar/diagnostics/define.ts";
import { diagnose } from "../../../grammar/diagnostics/define.ts";

/** What the compiler may ask of the outside: texts of files, by names that the host makes. */
export interface Host {
  /** Text and diagnostics of reading it (encoding); undefined when there is no such file. */
  read(file: string): { readonly text: string } | { readonly diagnostic: Diagnostic } | undefined;
  /** The file that a specifier in `from` means; a word says why there is none. */
  resolve(from: string, specifier: string): { readonly file: string } | { readonly problem: "outside" | "not-relative" };
  /** All labels of a column of these files, in the order of their ids; undefined where they were not read. */
  labels?(source: PlanSource, column: string): readonly string[] | undefined;
  /** A folder of another program's model, as text of the language (see 2-check/imported.ts) with the hash of its configuration; undefined where no folder can be read. */
  imported?(folder: string): { readonly text: string; readonly hash: string } | { readonly diagnostics: readonly Diagnostic[] } | undefined;
  /** Names of files that could have been meant, for hints. */
  siblings?(file: string): readonly string[];
}

/** Collects diagnostics once each, in the order of discovery. */
export interface Sink {
  report<Data>(record: DiagnosticRecord<Data>, place: Place, data: Data, extras?: Extras): void;
  add(diagnostic: Diagnostic): void;
  readonly diagnostics: readonly Diagnostic[];
  /** Number of errors reported so far, repeated ones included: whoever compares it with an earlier value learns of every failure. */
  readonly errors: number;
}

export function createSink(): Sink {
  const diagnostics: Diagnostic[] = [];
  // Most sinks of trials stay empty.
  let seen: Set<string> | undefined;
  let errors = 0;
  const add = (diagnostic: Diagnostic): void => {
    const key = `${diagnostic.code} ${diagnostic.file} ${diagnostic.start.offset} ${diagnostic.end.offset} ${diagnostic.message}`;
    if (diagnostic.severity === "error") errors++;
    seen ??= new Set();
    if (seen.has(key)) return;
    seen.add(key);
    diagnostics.push(diagnostic);
  };
  return {
    report: (record, place, data, extras) => add(diagnose(record, place, data, extras)),
    add,
    diagnostics,
    get errors() {
      return errors;
    },
  };
}

export interface Source { readonly file: string; readonly text: string; readonly tree: Tree }

/** How a value came to be what it is. `history` goes back to what it replaced. */
export interface Origin {
  readonly how: "written" | "default" | "parameter" | "argument" | "inherited" | "override" | "removed" | "tokenizer" | "assumed";
  readonly place: Place | null;
  readonly note?: string;
  readonly history?: Origin;
}

/** An expression that has not been evaluated, with the scope it was written in and the changes that extensions made inside it. */
export interface Thunk {
  readonly expression: Expression;
  readonly scope: Scope;
  readonly origin: Origin;
  readonly overrides?: readonly Override[];
  /** A number that no expression gives: the tokenizer's size, a placeholder. */
  readonly injected?: number;
}

/** A change below a value: `optimizer.lr: 5e-4` is path [lr]; a removed one has no thunk. */
export interface Override { readonly path: readonly string[]; readonly thunk: Thunk | null; readonly place: Place }

export type Binding =
  | { readonly kind: "let"; readonly name: string; readonly thunk: Thunk; readonly place: Place }
  | { readonly kind: "parameter"; readonly name: string; readonly thunk: Thunk | null; readonly place: Place }
  | { readonly kind: "declaration"; readonly name: string; readonly declared: () => Declared; readonly word: string; readonly place: Place; readonly imported: boolean }
  | { readonly kind: "namespace"; readonly name: string; readonly scope: () => FileScope | null; readonly place: Place };

export interface Scope {
  readonly source: Source;
  readonly bindings: Map<string, Binding[]>;
  readonly parent: Scope | null;
  /** Index of the innermost `repeat`'s copy and of its copies, where there is one. */
  readonly copy?: number;
}

export interface FileScope extends Scope { readonly declarations: readonly Declared[] }

export interface DeclaredParameter { readonly name: string; readonly place: Place; readonly value: Thunk | null; readonly declaredIn: Source }

/** A field's value after merging: an expression, a section, or both absent after an error. */
export interface Entry {
  readonly name: string;
  readonly place: Place;
  readonly thunk?: Thunk;
  readonly section?: ReadonlyMap<string, Entry>;
  readonly origin: Origin;
}

/** A statement of a model with the scope it was written in. */
export interface Sourced { readonly statement: Statement; readonly scope: Scope }

export interface Declared {
  readonly word: string;
  readonly name: string;
  readonly node: Declaration;
  readonly scope: FileScope;
  readonly place: Place;
  readonly parameters: readonly DeclaredParameter[];
  /** For kinds of form `fields`. */
  readonly fields: ReadonlyMap<string, Entry>;
  /** `let`s of the block, base first. */
  readonly lets: readonly Sourced[];
  /** For models: stacks, heads, weights in order, base's first, replaced in place. */
  readonly statements: readonly Sourced[];
  readonly value: Thunk | null;
  readonly base: Declared | null;
  /** What it extends could not be found: nothing can be said of what is missing. */
  readonly incomplete: boolean;
  readonly baseArguments: readonly Argument[];
}

export function placeOf(source: Source, span: Span): Place {
  return { file: source.file, text: source.text, span };
}

export function childScope(parent: Scope, source = parent.source, copy = parent.copy): Scope {
  return { source, bindings: new Map(), parent, ...(copy === undefined ? {} : { copy }) };
}

export function bind(scope: Scope, binding: Binding): void {
  const list = scope.bindings.get(binding.name);
  if (list) list.push(binding);
  else scope.bindings.set(binding.name, [binding]);
}
