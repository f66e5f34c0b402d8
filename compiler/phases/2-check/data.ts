// A data source or a part of it: `novels`, `novels.valid`.

import type { Expression, Reference } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { unknownChoice } from "../../../grammar/diagnostics/PT3016-unknown-choice.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import type { Declared, Thunk } from "../1-resolve/program.ts";
import { at, type Context } from "./context.ts";
import { refusePaths } from "./evaluate.ts";
import { find, lookup, type Want } from "./names.ts";
import { describeExpression } from "./numbers.ts";
import type { Value } from "./values.ts";

export const parts = ["train", "valid", "test"] as const;
const want: Want = { what: "declaration", kinds: ["data"] };

export function evaluateData(expression: Expression, thunk: Thunk, context: Context): Value | null {
  const place = at(thunk.scope, expression.span);
  if (refusePaths(thunk, context)) return null;
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
  const known = partsOf(found.declared);
  if (!known.includes(last.text)) {
    context.sink.report(unknownChoice, at(thunk.scope, last.span), { word: last.text, words: known, suggestion: known.length ? didYouMean(last.text, known) : `\`${dotted(owner)}\` has no \`split\`` });
    return null;
  }
  return { kind: "data", declared: found.declared, part: last.text, origin: thunk.origin };
}

/** The parts that a source's split names. */
export function partsOf(declared: Declared): string[] {
  const split = declared.fields.get("split")?.section;
  return split ? parts.filter((part) => split.has(part)) : [];
}
