// Pieces of the language's tree that no text has: names, numbers, calls and declarations for a resolved spec.

import type { Argument, Declaration, Expression, Parameter, Reference, Relation, Statement, StringLiteral } from "../../grammar/ast.ts";
import type { Value } from "./2-check/values.ts";
import { templateText, type Template } from "../template.ts";

export const nowhere = { start: 0, end: 0 } as const;
export const name = (text: string) => ({ kind: "name", text, span: nowhere }) as const;
export const reference = (...parts: string[]): Reference => ({ kind: "reference", parts: parts.map(name), span: nowhere });
export const numberText = (value: number): Expression => (value < 0 ? { kind: "unary", operator: "-", operand: numberText(-value), span: nowhere } : { kind: "number", value, raw: rawNumber(value), percent: false, span: nowhere });
export const text = (value: string): Expression => ({ kind: "string", value, raw: JSON.stringify(value).replace(/\{/g, "\\{").replace(/\\u([0-9a-f]{4})/g, "\\u{$1}"), parts: [{ text: value }], span: nowhere });

/** A template as it is written: its holes open, all else as plain text. */
export function templateLiteral(template: Template): StringLiteral {
  const raw = template.map((part) => ("hole" in part ? `{${part.hole}}` : (text(part.text) as StringLiteral).raw.slice(1, -1))).join("");
  return { kind: "string", value: templateText(template), raw: `"${raw}"`, parts: template.map((part) => ("hole" in part ? { ...part, span: nowhere } : part)), span: nowhere };
}

/** A value that needs no other declaration. */
export function plainExpression(value: Extract<Value, { kind: "number" | "text" | "template" | "prompt" | "switch" | "token" | "choice" }>): Expression {
  switch (value.kind) {
    case "number":
      return value.unit === "percent"
        ? { kind: "number", value: value.value / 100, raw: `${rawNumber(value.value)}%`, percent: true, span: nowhere }
        : value.unit === "tokens_per_parameter"
          ? call("tokens_per_parameter", [{ value: numberText(value.value) }])
          : value.unit === null
            ? numberText(value.value)
            : { kind: "number", value: value.value, raw: rawNumber(value.value), percent: false, unit: name(unitWord(value.unit)), span: nowhere };
    case "text":
      return text(value.value);
    case "template":
      return templateLiteral(value.text.template);
    case "prompt":
      return { kind: "binary", operator: "->", left: templateLiteral(value.inputs.template), right: templateLiteral(value.targets.template), span: nowhere };
    case "switch":
      return { kind: "switch", value: value.value, span: nowhere };
    case "token":
      return { kind: "token", name: value.name, span: nowhere };
    case "choice":
      return reference(value.word);
  }
}

/** Shortest text that reads back as the same number; groups of three from five digits on. */
export function rawNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value).length < 5 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, "_");
  return String(value).replace("e+", "e");
}

export function declaration(word: string, title: string, parameters: readonly Parameter[], statements: readonly Statement[], value?: Expression, doc?: string): Declaration {
  return { kind: "declaration", word: name(word), name: name(title), ...(parameters.length ? { parameters } : {}), relations: [], ...(value ? { value } : { body: { kind: "block", statements, span: nowhere } }), ...(doc ? { doc } : {}), span: nowhere };
}

export function field(key: string, value: Expression): Statement {
  return { kind: "field", path: reference(key), value, span: nowhere };
}

interface Given { readonly name?: string; readonly value: Expression }

export const argument = (given: Given): Argument => ({ kind: "argument", ...(given.name ? { name: name(given.name) } : {}), value: given.value, span: nowhere });

export function call(target: string, list: readonly Given[]): Expression {
  return { kind: "call", target: reference(target), arguments: list.map(argument), span: nowhere };
}

/** `from small(checkpoint: best)`. */
export const relation = (word: Relation["word"], target: string, given: Given): Relation => ({ kind: "relation", word, target: reference(target), arguments: [argument(given)], span: nowhere });

export const unitWord = (unit: string): string => ({ bytes: "B", time: "s" })[unit] ?? unit;
