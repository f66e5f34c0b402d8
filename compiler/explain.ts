// Where a value of a spec comes from: `novelist.optimizer.lr`.

import type { Expression, Reference } from "../grammar/ast.ts";
import { dotted } from "../grammar/ast.ts";
import { positionAt, type Place, type Position } from "../grammar/diagnostics/define.ts";
import { parse } from "../grammar/parse.ts";
import type { CheckResult } from "./check.ts";
import { partsOfFile, type Part } from "./parts.ts";
import type { Declared, Origin, Scope } from "./phases/1-resolve/program.ts";
import { silent, type Context } from "./phases/2-check/context.ts";
import { find } from "./phases/2-check/names.ts";
import { numberOf } from "./phases/2-check/numbers.ts";
import { numberText, valueText } from "./value-text.ts";

/** One place that a value passed through. */
export interface Passage {
  /** `written`, `default`, `parameter`, `argument`, `override`, `tokenizer`, `inherited`, … */
  readonly how: string;
  /** The same as a clause: "written in `small`, which `wider` extends". */
  readonly text: string;
  readonly file: string | null;
  readonly start: Position | null;
  readonly end: Position | null;
  /** What stands there. */
  readonly source: string | null;
}

/** A name that an expression uses, and where its value comes from. */
export interface Cause { readonly name: string; readonly value: string; readonly history: readonly Passage[]; readonly because: readonly Cause[] }

export interface Explanation {
  readonly path: string;
  readonly value: string | null;
  readonly doc: string | null;
  /** The latest first. */
  readonly history: readonly Passage[];
  readonly because: readonly Cause[];
  /** Names below it, with their values and the last place each passed. */
  readonly parts: readonly { readonly name: string; readonly value: string; readonly from: Passage | null }[];
}

export type Explained = { readonly explanation: Explanation } | { readonly unknown: string; /** What the name was looked for in. */ readonly within: string | null; readonly names: readonly string[] };

/** An empty path lists the file's declarations. */
export function explainPath(result: CheckResult, path: readonly string[]): Explained {
  const context = silent(result.context);
  let parts = partsOfFile(result);
  let part: Part | null = null;
  let owner: Declared | null = null;
  const walked: string[] = [];
  for (const name of path) {
    const next = parts.get(name);
    if (!next) return { unknown: name, within: walked.join(".") || null, names: [...parts.keys()] };
    if (part?.declared) owner = part.declared;
    part = next;
    parts = next.parts();
    walked.push(name);
  }
  const about = part?.declared ?? owner;
  return {
    explanation: {
      path: path.join("."),
      value: part ? textOf(part) : null,
      doc: part?.doc ?? null,
      history: [...(part?.origin && (part.value || !part.declared) ? historyOf(part.origin, owner, result) : []), ...(part?.declared ? declaredAt(part.declared, result) : [])],
      because: part?.origin && part.scope ? causesOf(part.origin, part.scope, context, result, owner) : [],
      parts: [...parts].map(([name, inner]) => ({ name, value: textOf(inner), from: inner.origin ? (historyOf(inner.origin, about, result)[0] ?? null) : null })),
    },
  };
}

function textOf(part: Part): string {
  if (part.value) return valueText(part.value);
  const { declared } = part;
  if (!declared) return "";
  const parameters = declared.parameters.length ? `(${declared.parameters.map((parameter) => parameter.name).join(", ")})` : "";
  return `${declared.word} ${declared.name}${parameters}${declared.base ? ` extends ${declared.base.name}` : ""}`;
}

function passage(how: string, text: string, place: Place | null): Passage {
  if (!place) return { how, text, file: null, start: null, end: null, source: null };
  const source = place.text.slice(place.span.start, place.span.end).replace(/\s+/g, " ");
  return { how, text, file: place.file, start: positionAt(place.text, place.span.start), end: positionAt(place.text, place.span.end), source };
}

const clauses: Readonly<Record<Origin["how"], string>> = {
  written: "written",
  default: "the default",
  parameter: "default of the parameter",
  argument: "given as an argument",
  inherited: "inherited",
  override: "changed by an extension",
  removed: "removed",
  tokenizer: "from the tokenizer",
  assumed: "assumed, since nothing gives it a value",
};

function historyOf(origin: Origin, owner: Declared | null, result: CheckResult): Passage[] {
  const list: Passage[] = [];
  const seen = new Set<Origin>();
  for (let at: Origin | undefined = origin; at && !seen.has(at); at = at.history) {
    seen.add(at);
    const replaced = list.length > 0 && list.at(-1)!.how === "override";
    const base = at.place && owner ? baseAt(owner, at.place) : null;
    const clause = at.note ?? clauses[at.how];
    const inherited = base && at.how === "written" ? `${clause} in \`${base.name}\`, which \`${owner!.name}\` extends` : clause;
    const imported = at.place && at.place.file !== result.program.entry.source.file && !base ? `${inherited}, in an imported file` : inherited;
    list.push(passage(base && at.how === "written" ? "inherited" : at.how, replaced ? `before that: ${imported}` : imported, at.place));
  }
  return list;
}

/** The base of a declaration in whose text a place lies. */
function baseAt(owner: Declared, place: Place): Declared | null {
  const holds = (declared: Declared): boolean => declared.place.file === place.file && declared.node.span.start <= place.span.start && place.span.end <= declared.node.span.end;
  if (holds(owner)) return null;
  for (let base = owner.base; base; base = base.base) if (holds(base)) return base;
  return null;
}

/** Where a declaration stands, and the import that brings it. */
function declaredAt(declared: Declared, { program }: CheckResult): Passage[] {
  const { source } = program.entry;
  const list = [passage("declared", `\`${declared.name}\` is declared`, declared.place)];
  for (const item of source.tree.items) {
    const name = item.kind === "import" && declared.place.file !== source.file ? [...(item.names ?? []), ...(item.all ? [item.all] : [])].find((one) => one.text === declared.name || item.all === one) : undefined;
    if (name && item.kind === "import") list.push(passage("imported", "imported", { file: source.file, text: source.text, span: item.span }));
  }
  for (let base = declared.base; base; base = base.base) list.push(passage("inherited", `extends \`${base.name}\``, base.place));
  return list;
}

const deepest = 6;

/** Numbers that the expression at an origin names. */
function causesOf(origin: Origin, scope: Scope, context: Context, result: CheckResult, owner: Declared | null, depth = 0): Cause[] {
  const { place } = origin;
  if (!place || depth > deepest || origin.how === "tokenizer" || origin.how === "assumed") return [];
  const { tree } = parse(`let it = ${place.text.slice(place.span.start, place.span.end)}`, place.file);
  const [item] = tree.items;
  if (item?.kind !== "let") return [];
  const inner = origin.how === "argument" || origin.how === "written" || origin.how === "override" ? outer(scope, place, result) : scope;
  const causes = new Map<string, Cause>();
  for (const reference of referencesOf(item.value)) {
    const name = dotted(reference);
    const found = causes.has(name) ? null : find({ ...reference, span: { start: Number.MAX_SAFE_INTEGER - 1, end: Number.MAX_SAFE_INTEGER } }, { what: "number" }, inner, context);
    if (found?.kind !== "thunk") continue;
    const value = numberOf(found.thunk, silent(context));
    if (!value || found.thunk.origin.place === place) continue;
    causes.set(name, { name, value: numberText(value.value, value.unit, value.percent), history: historyOf(found.thunk.origin, owner, result), because: causesOf(found.thunk.origin, found.thunk.scope, context, result, owner, depth + 1) });
  }
  return [...causes.values()];
}

/** An argument is evaluated where it was written, which is not where its parameter is. */
function outer(scope: Scope, place: Place, { program }: CheckResult): Scope {
  if (scope.source.file === place.file) return scope;
  return program.files.get(place.file) ?? scope;
}

function* referencesOf(expression: Expression): Generator<Reference> {
  switch (expression.kind) {
    case "reference":
      yield expression;
      break;
    case "group":
      yield* referencesOf(expression.inner);
      break;
    case "unary":
      yield* referencesOf(expression.operand);
      break;
    case "binary":
      yield* referencesOf(expression.left);
      yield* referencesOf(expression.right);
      break;
    case "list":
      for (const item of expression.items) yield* referencesOf(item);
      break;
    case "call":
      for (const argument of expression.arguments) yield* referencesOf(argument.value);
      break;
  }
}
