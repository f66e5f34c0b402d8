// A data source, a part of it, or a mixture: `novels`, `novels.valid`, `mixture(70% * novels, 30% * speeches)`.

import type { Expression, Reference } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import { missingArgument } from "../../../grammar/diagnostics/PT3009-missing-argument.ts";
import { objectiveShares } from "../../../grammar/diagnostics/PT3031-objective-shares.ts";
import { unknownChoice } from "../../../grammar/diagnostics/PT3016-unknown-choice.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import type { Declared, FileScope, Scope, Thunk } from "../1-resolve/program.ts";
import { argumentsOf } from "./calls.ts";
import { at, silent, thunkOf, type Context } from "./context.ts";
import { refusePaths } from "./evaluate.ts";
import { find, lookup, type Want } from "./names.ts";
import { describeExpression } from "./numbers.ts";
import { weighted } from "./shown.ts";
import type { Value } from "./values.ts";

export const parts = ["train", "valid", "test"] as const;
const want: Want = { what: "declaration", kinds: ["data"] };

export type DataValue = Value & { kind: "data" };

export function evaluateData(expression: Expression, thunk: Thunk, context: Context): DataValue | null {
  const place = at(thunk.scope, expression.span);
  if (refusePaths(thunk, context)) return null;
  if (expression.kind === "group") return evaluateData(expression.inner, thunk, context);
  if (isMixture(expression)) return { kind: "data", declared: mixtureDeclared({ ...thunk, expression }), part: null, origin: thunk.origin };
  if (expression.kind !== "reference") {
    context.sink.report(wrongType, place, { wanted: "the name of a data source", given: describeExpression(expression) });
    return null;
  }
  const whole = find(expression, want, thunk.scope, context);
  if (whole?.kind === "declaration") return { kind: "data", declared: whole.declared, part: null, origin: thunk.origin };
  if (whole?.kind === "thunk") return evaluateData(whole.thunk.expression, whole.thunk, context);
  if (whole) return null;
  if (expression.parts.length < 2) {
    lookup(expression, want, thunk.scope, context);
    return null;
  }
  const owner: Reference = { ...expression, parts: expression.parts.slice(0, -1) };
  const found = lookup(owner, want, thunk.scope, context);
  if (found?.kind !== "declaration") return null;
  const last = expression.parts.at(-1)!;
  const known = partsOf(found.declared, context);
  if (!known.includes(last.text)) {
    context.sink.report(unknownChoice, at(thunk.scope, last.span), { word: last.text, words: known, suggestion: known.length ? didYouMean(last.text, known) : `\`${dotted(owner)}\` has no \`split\`` });
    return null;
  }
  return { kind: "data", declared: found.declared, part: last.text, origin: thunk.origin };
}

function isMixture(expression: Expression): boolean {
  return expression.kind === "call" && dotted(expression.target) === "mixture";
}

/** A mixture without a name of its own, as if it had been declared. */
function mixtureDeclared(thunk: Thunk): Declared {
  let scope: Scope = thunk.scope;
  while (scope.parent) scope = scope.parent;
  const { span } = thunk.expression;
  const name = (text: string) => ({ kind: "name", text, span }) as const;
  return {
    word: "data", name: "mixed", scope: scope as FileScope, place: at(thunk.scope, span), parameters: [], fields: new Map(), lets: [], statements: [], value: thunk, base: null, incomplete: false, baseArguments: [],
    node: { kind: "declaration", word: name("data"), name: name("mixed"), relations: [], value: thunk.expression, span },
  };
}

/** One entry of a mixture: its share of all examples, and a source that is no mixture. */
export interface DataEntry { readonly share: number; readonly declared: Declared; readonly part: string | null }

/** What a source is made of, shares multiplied out; a source of its own is the only entry. Null after a report. */
export function entriesOf(declared: Declared, part: string | null, context: Context): DataEntry[] | null {
  const { value } = declared;
  if (!value) return [{ share: 1, declared, part }];
  if (context.active.has(declared)) {
    context.sink.report(definedByItself, declared.place, { name: declared.name });
    return null;
  }
  context.active.add(declared);
  try {
    const { expression } = value;
    const bare = expression.kind === "group" ? expression.inner : expression;
    if (isMixture(bare)) return mixtureEntries(bare, value.scope, part, context);
    const other = evaluateData(expression, value, context);
    return other && entriesOf(other.declared, other.part ?? part, context);
  } finally {
    context.active.delete(declared);
  }
}

function mixtureEntries(expression: Expression, scope: Scope, part: string | null, context: Context): DataEntry[] | null {
  const list = expression.kind === "call" ? expression.arguments : [];
  const place = at(scope, expression.span);
  const since = context.sink.errors;
  argumentsOf(list, list.filter((argument) => !argument.name).map((_, i) => ({ name: `${i + 1}`, positional: true })), "mixture", scope, context);
  if (context.sink.errors !== since) return null;
  if (list.length === 0) {
    context.sink.report(missingArgument, place, { callee: "mixture", missing: ["data sources"] });
    return null;
  }
  const given = list.map(({ value }) => {
    const bare = value.kind === "group" ? value.inner : value;
    const found = weighted(bare, scope, context);
    if (found === null) return null;
    const of = found?.of ?? bare;
    const data = evaluateData(of, thunkOf(of, scope), context);
    const inner = data && entriesOf(data.declared, data.part ?? part, context);
    return inner && { weight: found?.weight ?? 1, percent: found?.percent ?? false, inner };
  });
  if (given.some((entry) => entry === null)) return null;
  const entries = given.map((entry) => entry!);
  const total = entries.reduce((sum, entry) => sum + entry.weight, 0);
  if (entries.some((entry) => entry.percent) && (entries.some((entry) => !entry.percent) || Math.abs(total - 1) > 1e-9)) {
    const percents = entries.reduce((sum, entry) => sum + (entry.percent ? entry.weight : 0), 0);
    context.sink.report(objectiveShares, place, { total: Number((100 * percents).toPrecision(6)), what: "the mixture" });
    return null;
  }
  return entries.flatMap(({ weight, inner }) => inner.map((entry) => ({ ...entry, share: (entry.share * weight) / total })));
}

/** The parts that a source's split names; of a mixture those that all of its entries have. */
export function partsOf(declared: Declared, context: Context): string[] {
  if (declared.value) {
    const entries = entriesOf(declared, null, silent(context)) ?? [];
    // An entry that names its part already has no others.
    const known = entries.map((entry) => (entry.part === null ? partsOf(entry.declared, context) : []));
    return known.length ? known[0].filter((part) => known.every((list) => list.includes(part))) : [];
  }
  const split = declared.fields.get("split")?.section;
  return split ? parts.filter((part) => split.has(part)) : [];
}
