// Pieces of the language's tree that no text has: names, numbers, calls and declarations for a resolved spec.

import type { Argument, Declaration, Expression, Parameter, Reference, Relation, Statement } from "../../grammar/ast.ts";

export const nowhere = { start: 0, end: 0 } as const;
export const name = (text: string) => ({ kind: "name", text, span: nowhere }) as const;
export const reference = (...parts: string[]): Reference => ({ kind: "reference", parts: parts.map(name), span: nowhere });
export const numberText = (value: number): Expression => (value < 0 ? { kind: "unary", operator: "-", operand: numberText(-value), span: nowhere } : { kind: "number", value, raw: rawNumber(value), percent: false, span: nowhere });
export const text = (value: string): Expression => ({ kind: "string", value, raw: JSON.stringify(value).replace(/\{/g, "\\{").replace(/\\u([0-9a-f]{4})/g, "\\u{$1}"), parts: [{ text: value }], span: nowhere });

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
