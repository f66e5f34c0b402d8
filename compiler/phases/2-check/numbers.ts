// Numbers and quantities: arithmetic with units carried along.

import type { Binary, Call, Expression } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { mixedUnits } from "../../../grammar/diagnostics/PT3013-mixed-units.ts";
import { notFinite } from "../../../grammar/diagnostics/PT3019-not-finite.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import { tooDeep } from "../../../grammar/diagnostics/PT2020-too-deep.ts";
import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import type { Scope, Thunk } from "../1-resolve/program.ts";
import { unitOf } from "../../../grammar/units.ts";
import { at, type Context } from "./context.ts";
import { lookup } from "./names.ts";
import { cycled } from "./cycle.ts";
import type { Value } from "./values.ts";

export type NumberValue = Value & { kind: "number" };

/** Evaluates a thunk as a number; null after a report. */
export function numberOf(thunk: Thunk, context: Context): NumberValue | null {
  if (thunk.injected !== undefined) return { kind: "number", value: thunk.injected, unit: null, percent: false, origin: thunk.origin };
  if (context.active.has(thunk)) {
    context.sink.report(definedByItself, at(thunk.scope, thunk.expression.span), { name: thunk.scope.source.text.slice(thunk.expression.span.start, thunk.expression.span.end) });
    return null;
  }
  const known = context.known.get(thunk) as NumberValue | undefined;
  if (known) return known;
  if (context.limits.exceeded) return null;
  if (context.active.size >= deepest) {
    context.limits.exceeded = true;
    context.sink.report(tooDeep, at(thunk.scope, thunk.expression.span), { what: "definitions", limit: deepest });
    return null;
  }
  context.active.add(thunk);
  const evaluated = evaluateNumber(thunk.expression, thunk.scope, context);
  context.active.delete(thunk);
  const value = evaluated && withOrigin(evaluated, thunk);
  if (value) context.known.set(thunk, value);
  return value;
}

/** Definitions that may hang on one another. */
export const deepest = 400;

function withOrigin(value: NumberValue, thunk: Thunk): NumberValue {
  return { ...value, origin: value.origin.how === "written" ? thunk.origin : value.origin };
}

function evaluateNumber(expression: Expression, scope: Scope, context: Context): NumberValue | null {
  const place = at(scope, expression.span);
  const make = (value: number, unit: string | null, percent = false): NumberValue | null => {
    if (!Number.isFinite(value)) {
      context.sink.report(notFinite, place, { text: scope.source.text.slice(expression.span.start, expression.span.end) });
      return null;
    }
    return { kind: "number", value, unit, percent, origin: { how: "written", place } };
  };
  switch (expression.kind) {
    case "number": {
      const unit = expression.unit && unitOf(expression.unit.text);
      return unit ? make(expression.value * unit.factor, unit.dimension) : make(expression.value, null, expression.percent);
    }
    case "group":
      return evaluateNumber(expression.inner, scope, context);
    case "unary": {
      if (expression.operator === "not") break;
      const operand = evaluateNumber(expression.operand, scope, context);
      return operand && make(-operand.value, operand.unit, operand.percent);
    }
    case "binary":
      return arithmetic(expression, scope, context, make);
    case "call":
      return numberCall(expression, scope, context, make);
    case "reference": {
      const found = lookup(expression, { what: "number" }, scope, context);
      if (found?.kind !== "thunk") return null;
      const value = numberOf(found.thunk, context);
      return value && { ...value, origin: found.binding.kind === "parameter" ? found.thunk.origin : { how: "written", place, history: found.thunk.origin } };
    }
    default:
      break;
  }
  context.sink.report(wrongType, place, { wanted: "a number", given: describeExpression(expression) });
  return null;
}

type Make = (value: number, unit: string | null, percent?: boolean) => NumberValue | null;

function arithmetic(node: Binary, scope: Scope, context: Context, make: Make): NumberValue | null {
  if (!["+", "-", "*", "/", "mod", "^"].includes(node.operator)) {
    context.sink.report(wrongType, at(scope, node.span), { wanted: "a number", given: node.operator === "->" ? "a prompt" : "a condition" });
    return null;
  }
  const left = evaluateNumber(node.left, scope, context);
  const right = evaluateNumber(node.right, scope, context);
  if (!left || !right) return null;
  const mixed = left.unit && right.unit && (left.unit !== right.unit || node.operator === "*" || node.operator === "^");
  const added = (node.operator === "+" || node.operator === "-" || node.operator === "mod") && left.unit !== right.unit;
  if (mixed || added) {
    context.sink.report(mixedUnits, at(scope, node.span), { left: left.unit ?? "a bare number", right: right.unit ?? "a bare number", operator: node.operator });
    return null;
  }
  const unit = node.operator === "/" && left.unit && right.unit ? null : (left.unit ?? right.unit);
  switch (node.operator) {
    case "+": return make(left.value + right.value, unit, left.percent && right.percent);
    case "-": return make(left.value - right.value, unit, left.percent && right.percent);
    case "*": return make(left.value * right.value, unit);
    case "/": return make(left.value / right.value, unit);
    case "mod": return make(((left.value % right.value) + right.value) % right.value, unit);
    default: return make(left.value ** right.value, unit);
  }
}

const functions: Readonly<Record<string, (...values: number[]) => number>> = { min: Math.min, max: Math.max, abs: Math.abs };

function numberCall(node: Call, scope: Scope, context: Context, make: Make): NumberValue | null {
  const name = dotted(node.target);
  if (name === "cycle") {
    const chosen = cycled(node, scope, context);
    return chosen && evaluateNumber(chosen, scope, context);
  }
  const values = (): (NumberValue | null)[] => node.arguments.map((argument) => evaluateNumber(argument.value, scope, context));
  if (Object.hasOwn(functions, name) && node.arguments.length && (name !== "abs" || node.arguments.length === 1)) {
    const list = values();
    return list.every((value) => value !== null) ? make(functions[name](...list.map((value) => value.value)), list[0].unit) : null;
  }
  if (name === "tokens_per_parameter" && node.arguments.length === 1) {
    const [value] = values();
    return value && make(value.value, "tokens_per_parameter");
  }
  const found = lookup(node.target, { what: "number" }, scope, context);
  if (found) context.sink.report(wrongType, at(scope, node.span), { wanted: "a number", given: `a call of \`${name}\`, which is a number and takes no arguments` });
  return null;
}

export function describeExpression(expression: Expression): string {
  switch (expression.kind) {
    case "string": return "a text";
    case "token": return `the token \`<${expression.name}>\``;
    case "switch": return expression.value ? "`on`" : "`off`";
    case "list": return "a list";
    case "number": return expression.unit ? `a quantity in \`${expression.unit.text}\`` : expression.percent ? "a percent" : "a number";
    case "group": return describeExpression(expression.inner);
    case "unary": return expression.operator === "not" ? "a condition" : "a number";
    case "binary": return ["+", "-", "*", "/", "^", "mod"].includes(expression.operator) ? "an arithmetic expression" : expression.operator === "->" ? "a prompt" : "a condition";
    case "call": return `a call of \`${dotted(expression.target)}\``;
    case "reference": return `\`${dotted(expression)}\``;
  }
}
