// Arguments of layers that are more than values: other layers, stacks, and position schemes with weights of their own.

import type { Expression } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { missingArgument } from "../../../grammar/diagnostics/PT3009-missing-argument.ts";
import { schemeHeads } from "../../../grammar/diagnostics/PT4012-scheme-heads.ts";
import { unknownName } from "../../../grammar/diagnostics/PT2002-unknown-name.ts";
import { wrongPlaceForLayer } from "../../../grammar/diagnostics/PT4007-wrong-place-for-layer.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import type { FieldType } from "../../../grammar/fields.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import type { Part, Scheme } from "../../architecture.ts";
import type { LayerArguments, LayerDefinition, LayerInput } from "../../layers/define.ts";
import type { Call } from "../../plan/schema.ts";
import { positions } from "../../positions/index.ts";
import type { PositionDefinition } from "../../positions/define.ts";
import type { Thunk } from "../1-resolve/program.ts";
import type { Given } from "./calls.ts";
import { at } from "./context.ts";
import { cycled } from "./cycle.ts";
import { instance } from "./instances.ts";
import type { Making } from "./model.ts";
import { find } from "./names.ts";
import { describeExpression } from "./numbers.ts";

export const isPart = (type: FieldType): boolean => type.type === "layer" || type.type === "stack";

/** Parts of the arguments that are layers or stacks. Null after a report. */
export function partsOf(definition: LayerDefinition, given: Given, place: Place, claim: (word: string) => string, making: Making): Record<string, Part> | null {
  const { sink } = making.context;
  let complete = true;
  const parts: Record<string, Part> = {};
  for (const [name, field] of Object.entries(definition.parameters)) {
    if (!isPart(field.type)) continue;
    const thunk = given[name];
    if (!thunk) {
      if (field.required) sink.report(missingArgument, place, { callee: definition.word, missing: [name] });
      complete &&= !field.required;
      continue;
    }
    const part = field.type.type === "stack" ? stackPart(thunk, making) : layerPart(thunk, claim, making);
    if (part) parts[name] = part;
    else complete = false;
  }
  return complete ? parts : null;
}

export function widthsOf(parts: Readonly<Record<string, Part>>): NonNullable<LayerInput["parts"]> {
  return Object.fromEntries(Object.entries(parts).flatMap(([name, part]) => {
    if (part.kind === "stack") return [[name, { width: part.stack.width }]];
    if (part.kind === "layer") return [[name, { width: part.instance.definition.width(part.instance.args, part.instance.input) }]];
    return [];
  }));
}

/** A stack written above this one. */
function stackPart({ expression, scope }: Thunk, making: Making): Part | null {
  const place = at(scope, expression.span);
  if (expression.kind !== "reference") {
    making.context.sink.report(wrongType, place, { wanted: "the name of a stack", given: describeExpression(expression) });
    return null;
  }
  const name = dotted(expression);
  const stack = making.stacks.find((one) => one.path === name);
  if (stack) return { kind: "stack", stack };
  const known = making.stacks.map((one) => one.path);
  // One that could not be made has been reported.
  if (!making.missing.has(name)) making.context.sink.report(unknownName, place, { name, wanted: "a stack that stands above this one", suggestion: didYouMean(name, known) });
  return null;
}

/** An embedding inside an embedding. */
function layerPart({ expression, scope }: Thunk, claim: (word: string) => string, making: Making): Part | null {
  const made = instance(expression, scope, { width: 0, table: null }, claim, making);
  if (!made) return null;
  if (made.instance.definition.role !== "embedding") {
    making.context.sink.report(wrongPlaceForLayer, at(scope, expression.span), { word: made.instance.definition.word, role: "a layer of the stream", place: "an embedding" });
    return null;
  }
  return { kind: "layer", instance: made.instance };
}

/** The position scheme of an attention: shared where it is a `let`, else the attention's own. */
export function schemeOf(args: LayerArguments, given: Given, path: string, making: Making): Scheme | null {
  const call = args.positions as Call | false | undefined;
  if (!call) return null;
  const definition = (positions as Readonly<Record<string, PositionDefinition>>)[call.word];
  const heads = args.heads as number;
  const thunk = given.positions;
  const place = at(thunk.scope, thunk.expression.span);
  const binding = thunk && bindingOf(thunk, making);
  const known = binding && making.schemes.get(binding);
  if (known) {
    if (known.heads !== heads) making.context.sink.report(schemeHeads, place, { name: binding.name, first: known.heads, second: heads });
    known.sharedBy.push(`${path}.${call.word}`);
    return known;
  }
  const own = binding ? making.letPaths.get(binding)! : `${path}.${call.word}`;
  const scheme: Scheme = { definition, args: call.arguments, heads, path: own, weights: definition.weights?.(call.arguments, heads) ?? {}, place, sharedBy: [] };
  if (binding) making.schemes.set(binding, scheme);
  return scheme;
}

/** The model's `let` that a chain of names ends at. */
function bindingOf(thunk: Thunk, making: Making) {
  let { expression, scope }: { expression: Expression; scope: Thunk["scope"] } = thunk;
  for (let depth = 0; depth < 64; depth++) {
    if (expression.kind === "group") expression = expression.inner;
    if (expression.kind === "call" && dotted(expression.target) === "cycle") expression = cycled(expression, scope, making.context) ?? expression;
    if (expression.kind !== "reference") return null;
    const found = find(expression, { what: "word", registry: "position" }, scope, making.context);
    if (found?.kind !== "thunk") return null;
    if (making.letPaths.has(found.binding)) return found.binding;
    ({ expression, scope } = found.thunk);
  }
  return null;
}
