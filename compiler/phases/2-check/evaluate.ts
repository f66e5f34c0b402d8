// Evaluates an expression as a value of a described type, reporting what does not fit where it was written.

import type { Expression } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import { outOfRange } from "../../../grammar/diagnostics/PT3005-out-of-range.ts";
import { wrongUnit } from "../../../grammar/diagnostics/PT3006-wrong-unit.ts";
import { fraction } from "../../../grammar/diagnostics/PT3012-fraction.ts";
import { unknownChoice } from "../../../grammar/diagnostics/PT3016-unknown-choice.ts";
import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import { foreignPath } from "../../../grammar/diagnostics/PT3024-foreign-path.ts";
import { pathEnds } from "../../../grammar/diagnostics/PT2019-path-ends.ts";
import { describeType, type FieldType } from "../../../grammar/fields.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import type { Override, Scope, Thunk } from "../1-resolve/program.ts";
import { evaluateCall, declarationCall } from "./calls.ts";
import { at, silent, type Context } from "./context.ts";
import { cycled } from "./cycle.ts";
import { evaluateData } from "./data.ts";
import { evaluateMaskThunk } from "./masks.ts";
import { evaluateObjective } from "./objectives.ts";
import { evaluateShown, refuseKept } from "./shown.ts";
import { couldBe, find, lookup, type Want } from "./names.ts";
import { describeExpression, numberOf } from "./numbers.ts";
import { isForeign, pathFrom } from "./paths.ts";
import { templateOf } from "./templates.ts";
import type { Value } from "./values.ts";

/** Null after a report. */
export function evaluate(thunk: Thunk, type: FieldType, context: Context): Value | null {
  if (type.type === "any") return evaluateAny(thunk, type.of, context);
  if (["integer", "number", "rate", "quantity"].includes(type.type)) return evaluateNumeric(thunk, type, context);
  if (type.type === "mask") return evaluateMaskThunk(thunk, context);
  if (type.type === "objective") return evaluateObjective(thunk, context);
  if (type.type === "input") return evaluateShown(thunk, context);
  if (context.active.has(thunk)) {
    context.sink.report(definedByItself, at(thunk.scope, thunk.expression.span), { name: textOf(thunk) });
    return null;
  }
  context.active.add(thunk);
  const value = evaluateOther(thunk.expression, thunk, type, context);
  context.active.delete(thunk);
  return value;
}

function textOf(thunk: Thunk): string {
  return thunk.scope.source.text.slice(thunk.expression.span.start, thunk.expression.span.end);
}

function evaluateAny(thunk: Thunk, types: readonly FieldType[], context: Context): Value | null {
  for (const type of types) {
    const quiet = silent(context);
    const value = evaluate(thunk, type, quiet);
    if (value && !quiet.sink.errors) return value;
  }
  const likeliest = types.find((type) => fits(thunk, type, context));
  if (likeliest) return evaluate(thunk, likeliest, context);
  context.sink.report(wrongType, at(thunk.scope, thunk.expression.span), { wanted: describeType({ type: "any", of: types }), given: describeExpression(thunk.expression) });
  return null;
}

/** Whether the form of the expression is that of the type, so that its errors are the ones to show. */
function fits(thunk: Thunk, type: FieldType, context: Context): boolean {
  const want = type.type === "switch" && type.only && thunk.expression.kind === "switch" ? null : wantOf(type);
  return want !== null && couldBe(thunk.expression, want, thunk.scope, context);
}

export function wantOf(type: FieldType): Want | null {
  switch (type.type) {
    case "integer": case "number": case "rate": case "quantity":
      return { what: "number" };
    case "string": case "template":
      return { what: "text" };
    case "prompt":
      return { what: "prompt" };
    case "switch": case "token": case "mask": case "list":
      return { what: type.type };
    case "word":
      return { what: "word", registry: type.registry };
    case "objective":
      return { what: "word", registry: "objective" };
    case "declaration":
      return { what: "declaration", kinds: type.kinds };
    default:
      return null;
  }
}

function evaluateNumeric(thunk: Thunk, type: FieldType, context: Context): Value | null {
  const before = context.sink.errors;
  const value = couldBe(thunk.expression, { what: "number" }, thunk.scope, context) || thunk.injected !== undefined || thunk.expression.kind === "reference" || thunk.expression.kind === "call" ? numberOf(thunk, context) : null;
  const place = at(thunk.scope, thunk.expression.span);
  if (!value) {
    if (context.sink.errors === before) context.sink.report(wrongType, place, { wanted: describeType(type), given: describeExpression(thunk.expression) });
    return null;
  }
  if (refusePaths(thunk, context)) return null;
  // The place to change is where the number was written; where it is used comes second.
  const source = value.origin.place ?? place;
  const extras = source === place || (source.file === place.file && source.span.start === place.span.start) ? {} : { related: [{ message: "it is used here", place }] };
  const report = (record: "type" | "unit"): null => {
    if (record === "unit") context.sink.report(wrongUnit, source, { wanted: describeType(type), given: value.unit ?? "no unit", value: String(value.value) }, extras);
    else context.sink.report(wrongType, source, { wanted: describeType(type), given: value.percent ? "a percent" : "a number" }, extras);
    return null;
  };
  const outside = (): null => {
    const wanted = type.type === "quantity" && value.percent ? "a share between 0% and 100%" : type.type === "quantity" ? `${describeType(type)} of at least ${type.minimum}` : type.type === "rate" ? `a share between 0% and ${100 * (type.maximum ?? 1)}%` : describeType(type);
    context.sink.report(outOfRange, source, { value: value.value, wanted }, extras);
    return null;
  };
  if (type.type === "quantity") {
    if (value.percent && (value.value > 1 || value.value < 0)) return outside();
    if (value.percent) return type.units.includes("percent") ? { ...value, value: value.value * 100, unit: "percent", percent: false } : report("unit");
    const unit = value.unit ?? type.bare ?? null;
    if (unit === null || !type.units.includes(unit)) return report("unit");
    if (type.minimum !== undefined && value.value < type.minimum) return outside();
    return { ...value, unit };
  }
  if (value.unit) return report("unit");
  if (type.type === "integer") {
    if (value.percent) return report("type");
    if (!Number.isInteger(value.value)) {
      context.sink.report(fraction, source, { value: value.value, text: source.text.slice(source.span.start, source.span.end) || String(value.value) }, extras);
      return null;
    }
  }
  const [low, high] = type.type === "rate" ? [0, type.maximum ?? 1] : type.type === "integer" || type.type === "number" ? [type.minimum, type.maximum] : [];
  const below = low !== undefined && (value.value < low || (type.type === "number" && type.exclusive && value.value === low));
  if (below || (high !== undefined && value.value > high)) return outside();
  return value;
}

/** A path may not go below a plain value. */
export function refusePaths(thunk: Thunk, context: Context): boolean {
  for (const override of thunk.overrides ?? []) context.sink.report(pathEnds, override.place, { path: override.path.join("."), at: textOf(thunk) });
  return (thunk.overrides?.length ?? 0) > 0;
}

function evaluateOther(expression: Expression, thunk: Thunk, type: FieldType, context: Context): Value | null {
  const { scope } = thunk;
  const origin = thunk.origin;
  if (expression.kind === "group") return evaluateOther(expression.inner, thunk, type, context);
  if (expression.kind === "call" && dotted(expression.target) === "cycle") {
    const chosen = cycled(expression, scope, context);
    return chosen && evaluate({ ...thunk, expression: chosen }, type, context);
  }
  switch (type.type) {
    case "string":
      if (expression.kind !== "string") break;
      if (refusePaths(thunk, context)) return null;
      if (type.path && isForeign(expression.value)) {
        context.sink.report(foreignPath, at(scope, expression.span), { path: expression.value });
        return null;
      }
      return { kind: "text", value: type.path ? pathFrom(expression.value, scope, context) : expression.value, literal: expression, origin };
    case "template":
    case "prompt": {
      const value = templateOf(expression, thunk, type, context);
      if (value !== undefined) return value;
      break;
    }
    case "switch":
      if (expression.kind === "switch" && !(type.only && expression.value)) return refusePaths(thunk, context) ? null : { kind: "switch", value: expression.value, origin };
      break;
    case "token":
      if (expression.kind === "token") return refusePaths(thunk, context) ? null : { kind: "token", name: expression.name, origin };
      break;
    case "choice":
      return choice(expression, thunk, type, context);
    case "list":
      if (expression.kind === "list") return list(expression.items, thunk, type, context);
      break;
    case "name":
    case "column":
      if (expression.kind === "reference" && expression.parts.length === 1) return refusePaths(thunk, context) ? null : { kind: "choice", word: expression.parts[0].text, origin };
      break;
    case "path":
      if (expression.kind === "reference" || expression.kind === "string") return refusePaths(thunk, context) ? null : { kind: "text", value: expression.kind === "string" ? expression.value : dotted(expression), literal: null, origin };
      break;
    case "word":
      if (type.registry === "target" && refuseKept(expression, scope, context)) return null;
      return evaluateCall(expression, thunk, type.registry, context);
    case "declaration":
      return declarationCall(expression, thunk, type.kinds, context);
    case "data":
      return evaluateData(expression, thunk, context);
    default:
      break;
  }
  return followName(expression, thunk, type, context);
}

/** A name of a `let` or parameter that holds the wanted type. */
function followName(expression: Expression, thunk: Thunk, type: FieldType, context: Context): Value | null {
  const want = wantOf(type);
  const place = at(thunk.scope, expression.span);
  if (expression.kind === "reference" && want) {
    const found = lookup(expression, want, thunk.scope, context);
    if (found?.kind !== "thunk") return null;
    return evaluate(through(found.thunk, thunk.overrides), type, context);
  }
  context.sink.report(wrongType, place, { wanted: describeType(type), given: describeExpression(expression) });
  return null;
}

/** A thunk reached through a name keeps the changes made below that name. */
export function through(thunk: Thunk, overrides: readonly Override[] | undefined): Thunk {
  return overrides?.length ? { ...thunk, overrides: [...(thunk.overrides ?? []), ...overrides] } : thunk;
}

function choice(expression: Expression, thunk: Thunk, type: FieldType & { type: "choice" }, context: Context): Value | null {
  const place = at(thunk.scope, expression.span);
  const name = expression.kind === "reference" ? dotted(expression) : null;
  if (name && Object.hasOwn(type.words, name)) return refusePaths(thunk, context) ? null : { kind: "choice", word: name, origin: thunk.origin };
  if (name && expression.kind === "reference" && find(expression, { what: "text" }, thunk.scope, context) === null) {
    const bound = boundChoice(expression, thunk.scope);
    if (bound) return evaluate(bound, type, context);
  }
  if (name) context.sink.report(unknownChoice, place, { word: name, words: Object.keys(type.words), suggestion: didYouMean(name, Object.keys(type.words)) });
  else context.sink.report(wrongType, place, { wanted: describeType(type), given: describeExpression(expression) });
  return null;
}

/** A parameter or `let` that holds a choice's word: `precision: p` with `p = f32`. */
function boundChoice(expression: Expression & { kind: "reference" }, scope: Scope): Thunk | null {
  for (let inner: Scope | null = scope; inner; inner = inner.parent) {
    for (const binding of inner.bindings.get(expression.parts[0].text) ?? []) {
      if ((binding.kind === "let" || binding.kind === "parameter") && binding.thunk) return binding.thunk;
    }
  }
  return null;
}

function list(items: readonly Expression[], thunk: Thunk, type: FieldType & { type: "list" }, context: Context): Value | null {
  if (refusePaths(thunk, context)) return null;
  const values = items.map((item) => evaluate({ expression: item, scope: thunk.scope, origin: { how: "written", place: at(thunk.scope, item.span) } }, type.of, context));
  const wanted = type.minimum !== undefined && items.length < type.minimum ? `at least ${type.minimum}` : type.maximum !== undefined && items.length > type.maximum ? `at most ${type.maximum}` : null;
  if (wanted) {
    context.sink.report(outOfRange, at(thunk.scope, thunk.expression.span), { value: items.length, wanted: `a list of ${wanted}` });
    return null;
  }
  return values.every((value) => value !== null) ? { kind: "list", items: values, origin: thunk.origin } : null;
}
