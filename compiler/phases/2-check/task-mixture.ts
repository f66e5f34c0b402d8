// `mixture(text_to_text(…), 2 * text_to_text(…))`: several tasks in one run, each example drawn for one of them.

import type { Call, Expression } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { missingArgument } from "../../../grammar/diagnostics/PT3009-missing-argument.ts";
import { objectiveShares } from "../../../grammar/diagnostics/PT3031-objective-shares.ts";
import type { Thunk } from "../1-resolve/program.ts";
import { argumentsOf } from "./calls.ts";
import { at, thunkOf, type Context } from "./context.ts";
import { evaluate, refusePaths } from "./evaluate.ts";
import { weighted } from "./shown.ts";
import type { CallValue, Value } from "./values.ts";

type MixtureValue = Extract<Value, { kind: "mixture" }>;

export function isTaskMixture(expression: Expression): expression is Call {
  return expression.kind === "call" && dotted(expression.target) === "mixture";
}

/** A mixture in a mixture is one with the products of the weights. Null after a report. */
export function evaluateTaskMixture(expression: Call, thunk: Thunk, context: Context): Value | null {
  const { scope } = thunk;
  const place = at(scope, expression.span);
  if (refusePaths(thunk, context)) return null;
  const since = context.sink.errors;
  const list = expression.arguments;
  argumentsOf(list, list.filter((argument) => !argument.name).map((_, i) => ({ name: `${i + 1}`, positional: true })), "mixture", scope, context);
  if (context.sink.errors !== since) return null;
  if (!list.length) {
    context.sink.report(missingArgument, place, { callee: "mixture", missing: ["tasks"] });
    return null;
  }
  const entries: { weight: number; percent: boolean; value: CallValue | MixtureValue }[] = [];
  for (const { value } of list) {
    const bare = value.kind === "group" ? value.inner : value;
    const found = weighted(bare, scope, context);
    const task = found === null ? null : evaluate(thunkOf(found?.of ?? bare, scope), { type: "word", registry: "task" }, context);
    if (task?.kind !== "call" && task?.kind !== "mixture") return null;
    entries.push({ weight: found?.weight ?? 1, percent: found?.percent ?? false, value: task });
  }
  const percents = entries.filter((entry) => entry.percent);
  const total = percents.reduce((sum, entry) => sum + entry.weight, 0);
  if (percents.length && (percents.length < entries.length || Math.abs(total - 1) > 1e-9)) {
    context.sink.report(objectiveShares, place, { total: Number((100 * total).toPrecision(6)), what: "the mixture" });
    return null;
  }
  const flat = entries.flatMap(({ value, ...rest }): MixtureValue["entries"] => {
    if (value.kind === "call") return [{ ...rest, value }];
    const sum = value.entries.reduce((all, entry) => all + entry.weight, 0);
    return value.entries.map((entry) => ({ weight: (rest.weight * entry.weight) / sum, percent: false, value: entry.value }));
  });
  // Products of percents and weights are relative: what they come to among each other stays.
  const mixed = flat.some((entry) => !entry.percent);
  return { kind: "mixture", entries: mixed ? flat.map((entry) => ({ ...entry, percent: false })) : flat, origin: thunk.origin };
}
