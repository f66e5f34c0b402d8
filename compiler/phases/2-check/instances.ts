// One layer: a word called, or a `let` that holds one; its arguments checked and its weights named.

import type { Expression } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { sharedWidth } from "../../../grammar/diagnostics/PT4009-shared-width.ts";
import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import { tooLargeModel } from "../../../grammar/diagnostics/PT4011-too-large-model.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import type { Instance } from "../../architecture.ts";
import type { LayerArguments, LayerDefinition, LayerInput, Report } from "../../layers/define.ts";
import type { Scope } from "../1-resolve/program.ts";
import { argumentsOf, checkArguments } from "./calls.ts";
import { at } from "./context.ts";
import { cycled } from "./cycle.ts";
import type { Making } from "./model.ts";
import { lookup } from "./names.ts";
import { describeExpression } from "./numbers.ts";
import { isPart, partsOf, schemeOf, widthsOf } from "./layer-parts.ts";
import { plain, type Value, type Values } from "./values.ts";

const maximumLayers = 50_000;

/** `claim` gives the path when the layer is new here. Null after a report. */
export function instance(expression: Expression, scope: Scope, input: LayerInput, claim: (word: string) => string, making: Making): { instance: Instance; path: string } | null {
  const { context } = making;
  const place = at(scope, expression.span);
  if (expression.kind === "group") return instance(expression.inner, scope, input, claim, making);
  if (expression.kind !== "call" && expression.kind !== "reference") {
    context.sink.report(wrongType, place, { wanted: "a layer", given: describeExpression(expression) });
    return null;
  }
  const target = expression.kind === "call" ? expression.target : expression;
  if (expression.kind === "call" && dotted(target) === "cycle") {
    const chosen = cycled(expression, scope, context);
    return chosen && instance(chosen, scope, input, claim, making);
  }
  const found = lookup(target, { what: "word", registry: "layer" }, scope, context);
  if (!found || found.kind === "unknown" || found.kind === "declaration") return null;
  if (found.kind === "word") {
    const made = create(found.word as LayerDefinition, expression, scope, input, claim, making);
    return made && { instance: made, path: made.path };
  }
  if (expression.kind === "call") {
    context.sink.report(wrongType, place, { wanted: "a layer", given: `a call of \`${dotted(target)}\`, which takes no arguments` });
    return null;
  }
  const letPath = making.letPaths.get(found.binding);
  const known = making.named.get(found.binding);
  if (known) {
    const path = claim(found.binding.name);
    if (making.trial) return { instance: known, path };
    if (known.input.width !== input.width) {
      context.sink.report(sharedWidth, place, { name: found.binding.name, first: known.input.width, second: input.width }, { related: [{ message: "it is defined here", place: found.binding.place }] });
      return null;
    }
    known.sharedBy.push(path);
    return { instance: known, path };
  }
  if (context.active.has(found.thunk)) {
    context.sink.report(definedByItself, place, { name: dotted(target) });
    return null;
  }
  context.active.add(found.thunk);
  const made = instance(found.thunk.expression, found.thunk.scope, input, letPath === undefined ? claim : () => letPath, making);
  context.active.delete(found.thunk);
  if (made && letPath !== undefined) making.named.set(found.binding, made.instance);
  return made;
}

function create(definition: LayerDefinition, expression: Expression & { kind: "call" | "reference" }, scope: Scope, input: LayerInput, claim: (word: string) => string, making: Making): Instance | null {
  const { context } = making;
  const place = at(scope, expression.span);
  if (++making.count.layers > maximumLayers) {
    context.sink.report(tooLargeModel, place, { limit: maximumLayers });
    return null;
  }
  const slots = Object.entries(definition.parameters).map(([name, field]) => ({ name, positional: field.positional ?? false }));
  const since = context.sink.errors;
  const given = argumentsOf(expression.kind === "call" ? expression.arguments : [], slots, definition.word, scope, context);
  // Layers and stacks as arguments are no values: they become parts, named before the layer itself is.
  const parts = partsOf(definition, given, place, claim, making);
  const parameters = Object.fromEntries(Object.entries(definition.parameters).filter(([, field]) => !isPart(field.type)));
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(parameters, name)));
  const values = checkArguments({ ...definition, parameters }, known, scope, place, context, since, { width: input.width });
  const args = values && layerArguments(values, making);
  const complete = values && Object.entries(parameters).every(([name, field]) => !field.required || values[name]);
  // A value that is only assumed (a parameter that nothing gives) leaves the layer open.
  if (!args || !complete || !parts) return null;
  const before = context.sink.errors;
  const report: Report = (record, data, argument, extras) => {
    const origin = argument === undefined ? undefined : values[argument]?.origin;
    context.sink.report(record, (origin?.how !== "default" && origin?.place) || place, data, extras);
  };
  const whole: LayerInput = Object.keys(parts).length ? { ...input, parts: widthsOf(parts) } : input;
  definition.check?.(args, whole, report);
  if (context.sink.errors !== before) return null;
  const path = claim(definition.word);
  const scheme = schemeOf(args, given, path, making);
  if (context.sink.errors !== before) return null;
  const all = scheme ? { ...parts, positions: { kind: "scheme", scheme } as const } : parts;
  return { definition, args, path, input: whole, weights: definition.weights(args, whole), place, places: placesOf(values), sharedBy: [], parts: all };
}

function placesOf(values: Values): Instance["places"] {
  return Object.fromEntries(Object.entries(values).flatMap(([name, { origin }]) => (origin.place && origin.how !== "default" ? [[name, origin.place]] : [])));
}

/** Plain values; special tokens become ids where a tokenizer is known. Null after a report. */
function layerArguments(values: Values, making: Making): LayerArguments | null {
  const args: Record<string, LayerArguments[string]> = {};
  for (const [name, value] of Object.entries(values)) {
    const token = value.kind === "token" ? tokenOf(value, making) : undefined;
    if (token === null) return null;
    args[name] = token ?? plain(value);
  }
  return args;
}

/** The id of a token; undefined when there is no tokenizer to ask, null after a report. */
export function tokenOf(value: Value & { kind: "token" }, { options }: Making): number | null | undefined {
  return options.tokenId?.(value.name, value.origin.place ?? options.place);
}
