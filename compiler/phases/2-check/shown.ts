// What the input of an objective shows of a noised place, and products with a weight: `80% * <mask> + 20% * keep`.

import type { Expression } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { keptWord } from "../../../grammar/diagnostics/PT2032-kept-word.ts";
import { objectiveShares } from "../../../grammar/diagnostics/PT3031-objective-shares.ts";
import { outOfRange } from "../../../grammar/diagnostics/PT3005-out-of-range.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import type { PlanShown } from "../../objectives/plan.ts";
import type { Scope, Thunk } from "../1-resolve/program.ts";
import { at, thunkOf, type Context } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { couldBe } from "./names.ts";
import { numberOf } from "./numbers.ts";
import type { Value } from "./values.ts";

export interface Weighted { readonly weight: number; readonly percent: boolean; readonly of: Expression }

/** `2 * a` or `a * 50%`; undefined when it is no product with a number, null after a report. */
export function weighted(expression: Expression, scope: Scope, context: Context): Weighted | null | undefined {
  if (expression.kind !== "binary" || expression.operator !== "*") return undefined;
  const isNumber = (side: Expression): boolean => couldBe(side, { what: "number" }, scope, context);
  const [factor, of] = isNumber(expression.left) ? [expression.left, expression.right] : [expression.right, expression.left];
  if (!isNumber(factor)) return undefined;
  const value = numberOf(thunkOf(factor, scope), context);
  if (!value) return null;
  if (value.unit !== null || !(value.value > 0)) {
    context.sink.report(outOfRange, at(scope, factor.span), { value: value.value, wanted: "a weight above 0, or a percent" });
    return null;
  }
  return { weight: value.value, percent: value.percent, of };
}

const kept: Readonly<Record<string, string>> = { sampled: "input: sampled(mlm)", replaced: "target: replaced" };

/** Reports a word that is kept for later; whether it was one. */
export function refuseKept(expression: Expression, scope: Scope, context: Context): boolean {
  const target = expression.kind === "call" ? expression.target : expression;
  const word = target.kind === "reference" ? dotted(target) : "";
  if (!Object.hasOwn(kept, word)) return false;
  context.sink.report(keptWord, at(scope, expression.span), { word, what: `\`${kept[word]}\`` });
  return true;
}

/** What a noised place shows: one thing, or a sum of things with shares. */
export function evaluateShown(thunk: Thunk, context: Context): Value | null {
  const { scope } = thunk;
  const items = sumOf(thunk.expression);
  const single = items.length === 1 && weighted(items[0], scope, context) === undefined;
  const shown: PlanShown[] = [];
  for (const item of items) {
    const found = single ? undefined : weighted(item, scope, context);
    if (found === null) return null;
    const one = shownThing(found?.of ?? item, scope, context);
    if (one === null) return null;
    if (!single && !one.startsWith("<") && !context.catalog.objectives.inputs[one].single) {
      context.sink.report(wrongType, at(scope, item.span), { wanted: "what one token at a time can show (a token, `random`, `keep`, `drop`)", given: `\`${one}\`` });
      return null;
    }
    shown.push({ share: found?.weight ?? 1, shows: one });
  }
  const total = shown.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(total - 1) > 1e-9) {
    context.sink.report(objectiveShares, at(scope, thunk.expression.span), { total: Number((100 * total).toPrecision(6)), what: "`input`" });
    return null;
  }
  return { kind: "shown", shown, origin: thunk.origin };
}

function sumOf(expression: Expression): Expression[] {
  if (expression.kind === "group") return sumOf(expression.inner);
  return expression.kind === "binary" && expression.operator === "+" ? [...sumOf(expression.left), ...sumOf(expression.right)] : [expression];
}

/** `<mask>` or a word of the inputs; null after a report. */
function shownThing(expression: Expression, scope: Scope, context: Context): string | null {
  if (expression.kind === "group") return shownThing(expression.inner, scope, context);
  if (refuseKept(expression, scope, context)) return null;
  const isToken = expression.kind === "token" || couldBe(expression, { what: "token" }, scope, context);
  const value = evaluate(thunkOf(expression, scope), isToken ? { type: "token" } : { type: "word", registry: "input" }, context);
  if (value?.kind === "token") return `<${value.name}>`;
  return value?.kind === "call" ? value.word : null;
}
