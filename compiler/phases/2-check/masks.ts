// Mask expressions: `causal & (query - key < n)` becomes a predicate with its numbers filled in.

import type { Binary, Expression } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { tooDeep } from "../../../grammar/diagnostics/PT2020-too-deep.ts";
import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import { notFinite } from "../../../grammar/diagnostics/PT3019-not-finite.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import type { IndexExpression, MaskDefinition, MaskExpression } from "../../masks/define.ts";
import type { Declared, Scope, Thunk } from "../1-resolve/program.ts";
import { argumentsOf, bindParameters, checkArguments } from "./calls.ts";
import { at, thunkOf, type Context } from "./context.ts";
import { cycled } from "./cycle.ts";
import { refusePaths } from "./evaluate.ts";
import { couldBe, find, lookup } from "./names.ts";
import { deepest, describeExpression, numberOf } from "./numbers.ts";
import type { Value } from "./values.ts";

export function evaluateMaskThunk(thunk: Thunk, context: Context): Value | null {
  const { expression, scope } = thunk;
  if (refusePaths(thunk, context)) return null;
  const found = expression.kind === "reference" ? find(expression, { what: "mask" }, scope, context) : null;
  // A name of a parameter or `let`: the value comes from where that was given.
  if (found?.kind === "thunk" && !context.active.has(found.thunk)) {
    context.active.add(found.thunk);
    const value = evaluateMaskThunk(found.thunk, context);
    context.active.delete(found.thunk);
    return value;
  }
  const mask = maskOf(expression, scope, context);
  return mask && { kind: "mask", mask, origin: thunk.origin };
}

/** Comparisons that one mask may come to once its names are filled in. */
const largest = 2_000;
const sizes = new WeakMap<MaskExpression, number>();

function sizeOf(mask: MaskExpression): number {
  return mask.kind === "not" ? sizeOf(mask.operand) : (sizes.get(mask) ?? 1);
}

const comparisons = ["<", "<=", ">", ">=", "==", "!="] as const;

function maskOf(expression: Expression, scope: Scope, context: Context): MaskExpression | null {
  switch (expression.kind) {
    case "group":
      return maskOf(expression.inner, scope, context);
    case "unary": {
      if (expression.operator !== "not") break;
      const operand = maskOf(expression.operand, scope, context);
      return operand && { kind: "not", operand };
    }
    case "binary":
      return combination(expression, scope, context);
    case "call":
    case "reference":
      return named(expression, scope, context);
    default:
      break;
  }
  context.sink.report(wrongType, at(scope, expression.span), { wanted: "a mask", given: describeExpression(expression) });
  return null;
}

function combination(node: Binary, scope: Scope, context: Context): MaskExpression | null {
  if (node.operator === "&" || node.operator === "|") {
    const left = maskOf(node.left, scope, context);
    const right = maskOf(node.right, scope, context);
    if (!left || !right) return null;
    const size = sizeOf(left) + sizeOf(right);
    if (size > largest) {
      context.limits.exceeded = true;
      context.sink.report(tooDeep, at(scope, node.span), { what: "comparisons in one mask", limit: largest });
      return null;
    }
    const both: MaskExpression = { kind: node.operator === "&" ? "and" : "or", left, right };
    sizes.set(both, size);
    return both;
  }
  const operator = comparisons.find((candidate) => candidate === node.operator);
  if (operator) {
    const left = indexOf(node.left, scope, context);
    const right = indexOf(node.right, scope, context);
    return left && right && { kind: "compare", operator, left, right };
  }
  context.sink.report(wrongType, at(scope, node.span), { wanted: "a mask", given: describeExpression(node) });
  return null;
}

function named(expression: Expression & { kind: "call" | "reference" }, scope: Scope, context: Context): MaskExpression | null {
  const target = expression.kind === "call" ? expression.target : expression;
  if (expression.kind === "call" && dotted(target) === "cycle") {
    const chosen = cycled(expression, scope, context);
    return chosen && maskOf(chosen, scope, context);
  }
  const found = lookup(target, { what: "mask" }, scope, context);
  if (!found || found.kind === "unknown") return null;
  const call = expression.kind === "call" ? expression : null;
  if (found.kind === "thunk") {
    if (call) context.sink.report(wrongType, at(scope, expression.span), { wanted: "a mask", given: `a call of \`${dotted(target)}\`, which takes no arguments` });
    return guarded(found.thunk, dotted(target), expression, scope, context);
  }
  if (found.kind === "declaration") {
    const since = context.sink.errors;
    const given = argumentsOf(call?.arguments ?? [], found.declared.parameters.map((parameter) => ({ name: parameter.name, positional: true })), dotted(target), scope, context);
    const inner = context.sink.errors === since ? bindParameters(found.declared, given, at(scope, expression.span), context) : null;
    if (!inner || !found.declared.value) return null;
    return guarded({ ...found.declared.value, scope: inner(found.declared.value.scope) }, found.declared.name, expression, scope, context, found.declared);
  }
  const definition = found.word as MaskDefinition;
  const since = context.sink.errors;
  const given = argumentsOf(call?.arguments ?? [], Object.entries(definition.parameters).map(([name, field]) => ({ name, positional: field.positional ?? false })), definition.word, scope, context);
  const values = checkArguments(definition, given, scope, at(scope, expression.span), context, since);
  if (!values) return null;
  return definition.predicate(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.kind === "number" ? value.value : 0])));
}

/** Follows a name, refusing a mask that is defined by itself. */
function guarded(thunk: Thunk, name: string, use: Expression, scope: Scope, context: Context, declared?: Declared): MaskExpression | null {
  if (context.active.has(thunk.expression)) {
    context.sink.report(definedByItself, at(scope, use.span), { name });
    return null;
  }
  // A mask without parameters has one value, wherever it is named.
  const key = declared && !declared.parameters.length ? declared : thunk;
  const known = context.known.get(key) as MaskExpression | undefined;
  if (known) return known;
  if (context.limits.exceeded) return null;
  if (context.active.size >= deepest) {
    context.limits.exceeded = true;
    context.sink.report(tooDeep, at(scope, use.span), { what: "definitions", limit: deepest });
    return null;
  }
  context.active.add(thunk.expression);
  const mask = maskOf(thunk.expression, thunk.scope, context);
  context.active.delete(thunk.expression);
  if (mask) context.known.set(key, mask);
  return mask;
}

const variables = ["query", "key", "prefix", "length"] as const;

/** A number over positions; what does not mention them is evaluated at once. */
function indexOf(expression: Expression, scope: Scope, context: Context): IndexExpression | null {
  if (expression.kind === "group") return indexOf(expression.inner, scope, context);
  if (expression.kind === "reference") {
    const variable = variables.find((name) => name === dotted(expression));
    if (variable) return { kind: "variable", name: variable };
  }
  if (!mentionsPosition(expression)) {
    const value = numberOf(thunkOf(expression, scope), context);
    return value && { kind: "number", value: value.value };
  }
  if (expression.kind === "unary" && expression.operator === "-") {
    const operand = indexOf(expression.operand, scope, context);
    return operand && { kind: "arithmetic", operator: "-", left: { kind: "number", value: 0 }, right: operand };
  }
  if (expression.kind === "binary") {
    const operator = (["+", "-", "*", "/", "mod"] as const).find((candidate) => candidate === expression.operator);
    if (operator) {
      const left = indexOf(expression.left, scope, context);
      const right = indexOf(expression.right, scope, context);
      if ((operator === "/" || operator === "mod") && right?.kind === "number" && right.value === 0) {
        context.sink.report(notFinite, at(scope, expression.span), { text: scope.source.text.slice(expression.span.start, expression.span.end) });
        return null;
      }
      return left && right && { kind: "arithmetic", operator, left, right };
    }
  }
  if (expression.kind === "call") {
    const name = dotted(expression.target);
    const operands = expression.arguments.map((argument) => indexOf(argument.value, scope, context));
    if (operands.some((operand) => operand === null)) return null;
    const [first, ...rest] = operands as IndexExpression[];
    if (name === "abs" && first && !rest.length) return { kind: "abs", operand: first };
    if ((name === "min" || name === "max") && first) return rest.reduce<IndexExpression>((left, right) => ({ kind: "arithmetic", operator: name, left, right }), first);
  }
  const given = couldBe(expression, { what: "mask" }, scope, context) ? "a mask" : describeExpression(expression);
  context.sink.report(wrongType, at(scope, expression.span), { wanted: "a number over `query`, `key`, `prefix` and `length`", given });
  return null;
}

function mentionsPosition(expression: Expression): boolean {
  switch (expression.kind) {
    case "reference":
      return variables.some((name) => name === dotted(expression));
    case "group":
      return mentionsPosition(expression.inner);
    case "unary":
      return mentionsPosition(expression.operand);
    case "binary":
      return mentionsPosition(expression.left) || mentionsPosition(expression.right);
    case "call":
      return expression.arguments.some((argument) => mentionsPosition(argument.value));
    default:
      return false;
  }
}
