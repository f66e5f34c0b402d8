// A config.json that says what a model's parameters are: the expressions of a map's `config` section solved for their keys.
// Whatever is found is evaluated again, so a setting is either stated exactly or named as one that cannot be.

import type { Expression } from "../../grammar/ast.ts";
import { dotted } from "../../grammar/ast.ts";
import { atKey, evaluateConfig, keysOf, namesOfActivation, type ConfigValue } from "./config.ts";
import type { WeightsMap } from "./define.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

export interface Stated {
  readonly config: JsonObject;
  /** Parameters whose values no setting of these keys gives. */
  readonly unstated: readonly { readonly parameter: string; readonly value: unknown; readonly expression: Expression }[];
}

/** `values`: what each parameter came to, as `Architecture.parameters` has it. */
export function configOf(map: WeightsMap, values: Readonly<Record<string, unknown>>): Stated {
  let solved: Solved = { config: {}, map };
  // A parameter that the model no longer has is not stated: an extension has replaced what used it.
  const parameters = Object.entries(map.config).filter(([parameter]) => Object.hasOwn(values, parameter));
  let open = parameters.map(([parameter, expression]) => ({ expression, value: valueOf(values[parameter]) }));
  // What a key depends on may be known only after another parameter is: as long as something gets solved, the rest is tried again.
  for (let before = Infinity; open.length && open.length < before; ) {
    before = open.length;
    open = open.filter(({ expression, value }) => {
      const next = value === undefined ? null : solve(expression, value, solved);
      if (next) solved = next;
      return !next;
    });
  }
  for (const [key, [wanted]] of Object.entries(map.requires)) {
    if (atKey(solved.config, key) === undefined && wanted !== undefined) solved = { ...solved, config: withKey(solved.config, key, offFor(key, wanted)) };
  }
  const wrong = parameters.filter(([parameter, expression]) => {
    const found = evaluateConfig(expression, solved.config);
    const value = valueOf(values[parameter]);
    return value === undefined || "problem" in found || !states(found.value, value);
  });
  return { config: solved.config, unstated: wrong.map(([parameter, expression]) => ({ parameter, value: values[parameter], expression })) };
}

interface Solved { readonly config: JsonObject; readonly map: WeightsMap }

/** Parameters that are no numbers, switches or words without arguments cannot be stated. */
function valueOf(value: unknown): ConfigValue | undefined {
  if (typeof value === "number" || typeof value === "boolean") return value;
  const { word, arguments: given } = (value ?? {}) as { readonly word?: unknown; readonly arguments?: object };
  return typeof word === "string" && !Object.keys(given ?? {}).length ? { word } : undefined;
}

/** A missing key is `off` for a parameter that has no number. */
function states(found: ConfigValue, wanted: ConfigValue): boolean {
  if (found === null || wanted === null) return (found ?? false) === false && (wanted ?? false) === false;
  if (typeof found === "object" && typeof wanted === "object") return found.word === wanted.word;
  return found === wanted;
}

/** The settings with those that make the expression this value; null where none are found. */
function solve(expression: Expression, value: ConfigValue, solved: Solved): Solved | null {
  if (keysOf(expression).every((key) => atKey(solved.config, key) !== undefined)) {
    const known = evaluateConfig(expression, solved.config);
    return !("problem" in known) && states(known.value, value) ? solved : null;
  }
  switch (expression.kind) {
    case "group":
      return solve(expression.inner, value, solved);
    case "string":
      return typeof value === "object" && value !== null ? null : set(expression.value, value === null ? null : offFor(expression.value, value), solved);
    case "unary":
      if (expression.operator === "not") return solve(expression.operand, value !== true, solved);
      return typeof value === "number" ? solve(expression.operand, -value, solved) : null;
    case "binary":
      return typeof value === "number" ? solveBinary(expression, value, solved) : null;
    case "call":
      return solveCall(expression, value, solved);
    default:
      return null;
  }
}

/** One side must be known. */
function solveBinary({ operator, left, right }: Expression & { kind: "binary" }, value: number, solved: Solved): Solved | null {
  const known = (side: Expression): number | null => {
    const found = evaluateConfig(side, solved.config);
    return "problem" in found || typeof found.value !== "number" ? null : found.value;
  };
  const [a, b] = [known(left), known(right)];
  if (b !== null) {
    const wanted = { "+": value - b, "-": value + b, "*": value / b, "/": value * b }[operator as string];
    return wanted === undefined || !Number.isFinite(wanted) ? null : solve(left, wanted, solved);
  }
  if (a === null) return null;
  const wanted = { "+": value - a, "-": a - value, "*": value / a, "/": a / value }[operator as string];
  return wanted === undefined || !Number.isFinite(wanted) ? null : solve(right, wanted, solved);
}

function solveCall({ target, arguments: list }: Expression & { kind: "call" }, value: ConfigValue, solved: Solved): Solved | null {
  const [first, second, third] = list.map((argument) => argument.value);
  if (dotted(target) === "when" && third) {
    for (const [branch, on] of [[third, false], [second, true]] as const) {
      const chosen = truth(first, on, solved);
      const found = chosen && solve(branch, value, chosen);
      // The branch may have set the condition's own key: it must still choose this branch.
      if (found && truth(first, on, found)) return found;
    }
    return null;
  }
  if (dotted(target) !== "activation" || first?.kind !== "string" || typeof value !== "object" || value === null) return null;
  const names = namesOfActivation(value.word, list.slice(1));
  const required = solved.map.requires[first.value];
  const chosen = required ? names.flatMap((name) => [name, `gated-${name}`]).find((name) => required.includes(name)) : names[0];
  return chosen === undefined ? null : set(first.value, chosen, solved);
}

/** Settings under which a condition is on or off. */
function truth(condition: Expression, on: boolean, solved: Solved): Solved | null {
  if (condition.kind === "group") return truth(condition.inner, on, solved);
  if (condition.kind === "string" && atKey(solved.config, condition.value) === undefined) return set(condition.value, on, solved);
  const found = condition.kind === "string" ? Boolean(atKey(solved.config, condition.value)) : evaluateConfig(condition, solved.config);
  const is = typeof found === "boolean" ? found : !("problem" in found) && Boolean(found.value);
  return is === on ? solved : null;
}

function set(key: string, value: Json, solved: Solved): Solved | null {
  const before = atKey(solved.config, key);
  if (before !== undefined && before !== value) return null;
  return { ...solved, config: withKey(solved.config, key, value) };
}

function withKey(config: JsonObject, key: string, value: Json): JsonObject {
  const [first, ...rest] = key.split(".");
  const inner = config[first];
  return { ...config, [first]: rest.length ? withKey(isObject(inner) ? inner : {}, rest.join("."), value) : value };
}

/** `off` for what is an id, a size or a group of settings there is null, not false. */
function offFor(key: string, value: number | boolean | string): Json {
  return value === false && /(_id|_ids|_scaling|_window)$/.test(key) ? null : value;
}
