// The expressions of a map's `config` section over a model's config.json. A text is a key of theirs (dotted below the top level).

import type { Expression } from "../../grammar/ast.ts";
import { dotted } from "../../grammar/ast.ts";
import { activations } from "../activations/index.ts";
import { describeJson, type Json, type JsonObject } from "./json.ts";

/** A value of one of our parameters; null keeps our default. */
export type ConfigValue = number | boolean | { readonly word: string } | null;

/** What cannot be used: a key's value, or the expression itself (`key` null). */
export interface ConfigProblem { readonly key: string | null; readonly given: string; readonly wanted: string; readonly words?: readonly string[] }

export type ConfigResult = { readonly value: ConfigValue } | { readonly problem: ConfigProblem };

/** Their names of activations, beyond those that are the same as ours. */
const theirActivations: { readonly [theirs: string]: string } = {
  gelu_new: "gelu_tanh",
  gelu_pytorch_tanh: "gelu_tanh",
  gelu_python: "gelu",
  swish: "silu",
  relu2: "squared_relu",
};

/** Words that they do not know. */
const onlyOurs: ReadonlySet<string> = new Set(["gelu_tanh", "squared_relu"]);

/** The value at a dotted key; undefined where there is none. */
export function atKey(config: JsonObject, key: string): Json | undefined {
  let value: Json | undefined = config;
  for (const part of key.split(".")) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, part)) return undefined;
    value = (value as JsonObject)[part];
  }
  return value;
}

/** Keys that an expression reads. */
export function keysOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "string":
      return [expression.value];
    case "group":
      return keysOf(expression.inner);
    case "unary":
      return keysOf(expression.operand);
    case "binary":
      return [...keysOf(expression.left), ...keysOf(expression.right)];
    case "call":
      return expression.arguments.flatMap((argument) => keysOf(argument.value));
    default:
      return [];
  }
}

/** What an expression comes to. A missing or null key makes all that is computed from it null. */
export function evaluateConfig(expression: Expression, config: JsonObject): ConfigResult {
  const problems: ConfigProblem[] = [];
  const refuse = (problem: ConfigProblem): null => (problems.push(problem), null);
  const value = evaluate(expression, { config, refuse });
  return problems.length ? { problem: problems[0] } : { value };
}

interface Reading { readonly config: JsonObject; readonly refuse: (problem: ConfigProblem) => null }

function evaluate(expression: Expression, reading: Reading): ConfigValue {
  switch (expression.kind) {
    case "number":
    case "switch":
      return expression.value;
    case "group":
      return evaluate(expression.inner, reading);
    case "string":
      return scalar(expression.value, reading);
    case "reference":
      return { word: dotted(expression) };
    case "unary": {
      if (expression.operator === "not") return !truthy(expression.operand, reading);
      const operand = number(expression.operand, reading);
      return operand === null ? null : -operand;
    }
    case "binary":
      return binary(expression, reading);
    case "call": {
      const [first, second, third] = expression.arguments.map((argument) => argument.value);
      const name = dotted(expression.target);
      if (name === "when" && third) return evaluate(truthy(first, reading) ? second : third, reading);
      if (name === "activation" && first?.kind === "string") return activation(first.value, expression.arguments.slice(1), reading);
      return reading.refuse({ key: null, given: `a call of \`${name}\``, wanted: "`when(condition, then, else)` or `activation(\"key\")`" });
    }
    default:
      return reading.refuse({ key: null, given: `a ${expression.kind}`, wanted: "a key in quotes, a number or a switch" });
  }
}

function scalar(key: string, reading: Reading): number | boolean | null {
  const value = atKey(reading.config, key);
  if (value === undefined || value === null) return null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  return reading.refuse({ key, given: describeJson(value), wanted: "a number, true or false" });
}

function number(expression: Expression, reading: Reading): number | null {
  const value = evaluate(expression, reading);
  if (value === null || typeof value === "number") return value;
  const key = expression.kind === "string" ? expression.value : null;
  return reading.refuse({ key, given: typeof value === "boolean" ? String(value) : `\`${value.word}\``, wanted: "a number" });
}

function binary(expression: Expression & { kind: "binary" }, reading: Reading): ConfigValue {
  const { operator } = expression;
  if (operator === "&") return truthy(expression.left, reading) && truthy(expression.right, reading);
  if (operator === "|") return truthy(expression.left, reading) || truthy(expression.right, reading);
  if (operator === "==" || operator === "!=") {
    const left = evaluate(expression.left, reading);
    const right = evaluate(expression.right, reading);
    return (left === right) === (operator === "==");
  }
  const a = number(expression.left, reading);
  const b = number(expression.right, reading);
  if (a === null || b === null) return null;
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "mod":
      return a - b * Math.floor(a / b);
    case "^":
      return a ** b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      return reading.refuse({ key: null, given: `the operator \`${operator}\``, wanted: "arithmetic or a comparison" });
  }
}

/** Missing, null, false and 0 are not. */
function truthy(expression: Expression, reading: Reading): boolean {
  if (expression.kind === "string") return Boolean(atKey(reading.config, expression.value));
  return Boolean(evaluate(expression, reading));
}

/** `activation("afn", gelu: gelu_tanh)`: the names given there go first, then those that all models share. */
function activation(key: string, renamed: readonly { readonly name?: { readonly text: string }; readonly value: Expression }[], reading: Reading): ConfigValue {
  const given = atKey(reading.config, key);
  if (given === undefined || given === null) return null;
  if (typeof given !== "string") return reading.refuse({ key, given: describeJson(given), wanted: "the name of an activation" });
  const plain = given.replace(/^gated-/, "");
  const known = Object.entries(activations).flatMap(([name, definition]) => ("of" in definition ? [] : [name]));
  const own = renamed.find((argument) => argument.name?.text === plain)?.value;
  const word = own?.kind === "reference" ? dotted(own) : Object.hasOwn(theirActivations, plain) ? theirActivations[plain] : plain;
  if (known.includes(word)) return { word };
  return reading.refuse({ key, given: describeJson(given), wanted: "an activation that is known here", words: [...new Set([...Object.keys(theirActivations), ...renamed.flatMap((argument) => argument.name?.text ?? []), ...known])].sort() });
}

/** Their names of an activation, the usual one first. */
export function namesOfActivation(word: string, renamed: readonly { readonly name?: { readonly text: string }; readonly value: Expression }[]): string[] {
  const own = renamed.flatMap(({ name, value }) => (name && value.kind === "reference" ? [{ theirs: name.text, ours: dotted(value) }] : []));
  const aliases = Object.entries(theirActivations).map(([theirs, ours]) => ({ theirs, ours }));
  const shared = onlyOurs.has(word) ? aliases : [{ theirs: word, ours: word }, ...aliases];
  const taken = new Set(own.map(({ theirs }) => theirs));
  return [...own, ...shared.filter(({ theirs }) => !taken.has(theirs))].flatMap(({ theirs, ours }) => (ours === word ? [theirs] : []));
}
