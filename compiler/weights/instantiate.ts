// The model of a spec that a config.json describes: which spec, with which arguments, and which of its heads.

import type { Expression, Section } from "../../grammar/ast.ts";
import type { Diagnostic, Place } from "../../grammar/diagnostics/define.ts";
import type { Architecture, Head } from "../architecture.ts";
import type { CheckResult } from "../compile.ts";
import type { Declared, Thunk } from "../phases/1-resolve/program.ts";
import { silent, type Context } from "../phases/2-check/context.ts";
import { instantiate } from "../phases/2-check/model.ts";
import { numberText } from "../phases/spec-expressions.ts";
import { modelText } from "../phases/spec-text.ts";
import { evaluateConfig, type ConfigProblem, type ConfigValue } from "./config.ts";
import type { WeightsMap } from "./define.ts";
import type { JsonObject } from "./json.ts";

/** A model that says how its weights are named elsewhere. */
export interface MappedModel { readonly declared: Declared; readonly map: WeightsMap; readonly context: Context }

const nowhere = { start: 0, end: 0 } as const;
/** Stands for parameters without a value while only the map is read. */
const assumption = 2;

/** The models of a checked file that have a map of this name. */
export function mappedModels({ program, context }: Pick<CheckResult, "program" | "context">, name: string): MappedModel[] {
  return program.entry.declarations.flatMap((declared) => {
    if (declared.word !== "model" || !declared.statements.some(({ statement }) => isMap(statement, name))) return [];
    const map = instantiate(declared, {}, { place: declared.place, assume: assumption }, silent(context))?.maps.find((one) => one.name === name);
    return map ? [{ declared, map, context }] : [];
  });
}

function isMap(statement: { readonly kind: string }, name: string): boolean {
  return statement.kind === "section" && (statement as Section).word === "weights" && (statement as Section).name.text === name;
}

export type Arguments = { readonly [parameter: string]: ConfigValue };

/** Values of our parameters from their keys; null keeps the default. */
export function argumentsFrom(map: WeightsMap, config: JsonObject): { readonly values: Arguments; readonly problems: readonly ConfigProblem[] } {
  const values: Record<string, ConfigValue> = {};
  const problems: ConfigProblem[] = [];
  for (const [parameter, expression] of Object.entries(map.config)) {
    const result = evaluateConfig(expression, config);
    if ("problem" in result) problems.push(result.problem);
    else values[parameter] = result.value;
  }
  return { values, problems };
}

export interface Instantiated {
  readonly architecture: Architecture;
  readonly heads: readonly Head[];
  readonly map: WeightsMap;
  /** The model as a text of its own, with these values as defaults, those of its heads included. */
  readonly text: string;
}

export interface Wanted {
  readonly values: Arguments;
  readonly heads: readonly string[];
  /** Values of the heads' parameters (`classes`). */
  readonly headValues: Readonly<Record<string, number>>;
  /** Where a value was written: diagnostics about it point there, all others into the spec. */
  readonly placeOf?: (parameter: string) => Place;
}

/** Builds the model with these values and keeps these heads. */
export function instantiateMapped({ declared, map, context }: MappedModel, { values, heads, headValues, placeOf }: Wanted): Instantiated | { readonly diagnostics: readonly Diagnostic[] } {
  const quiet = silent(context);
  const closed = withHeadValues(declared, headValues);
  const given: Record<string, Thunk> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === null) continue;
    const { scope } = declared;
    const place = placeOf?.(name) ?? null;
    given[name] = { expression: { ...literal(value), span: place?.span ?? nowhere }, scope: place ? { ...scope, source: { ...scope.source, ...place } } : scope, origin: { how: "argument", place } };
  }
  const architecture = instantiate(closed, given, { place: declared.place }, quiet);
  if (!architecture) return { diagnostics: quiet.sink.diagnostics };
  return { architecture, heads: architecture.heads.filter((head) => heads.includes(head.name)), map: architecture.maps.find((one) => one.name === map.name) ?? map, text: modelText(closed, given, quiet) };
}

function literal(value: Exclude<ConfigValue, null>): Expression {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return { kind: "switch", value, span: nowhere };
  return { kind: "reference", parts: value.word.split(".").map((text) => ({ kind: "name", text, span: nowhere })), span: nowhere };
}

/** Defaults for parameters of heads that have none. */
function withHeadValues(declared: Declared, values: Readonly<Record<string, number>>): Declared {
  const statements = declared.statements.map((sourced) => {
    const { statement } = sourced;
    if (statement.kind !== "section" || statement.word !== "head" || !statement.parameters) return sourced;
    const parameters = statement.parameters.map((parameter) => (parameter.value || !Object.hasOwn(values, parameter.name.text) ? parameter : { ...parameter, value: numberText(values[parameter.name.text]) }));
    return { ...sourced, statement: { ...statement, parameters } };
  });
  return { ...declared, statements };
}
