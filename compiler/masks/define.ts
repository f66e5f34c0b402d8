// Masks: predicates over (query, key, prefix, length) and the document of a position. A mask says which keys a query may attend to.

import type { Fields } from "../../grammar/fields.ts";

export type IndexExpression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "variable"; readonly name: "query" | "key" | "prefix" | "length" }
  | { readonly kind: "arithmetic"; readonly operator: "+" | "-" | "*" | "/" | "mod" | "min" | "max"; readonly left: IndexExpression; readonly right: IndexExpression }
  | { readonly kind: "abs"; readonly operand: IndexExpression };

export type MaskExpression =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "and" | "or"; readonly left: MaskExpression; readonly right: MaskExpression }
  | { readonly kind: "not"; readonly operand: MaskExpression }
  | { readonly kind: "compare"; readonly operator: "<" | "<=" | ">" | ">=" | "==" | "!="; readonly left: IndexExpression; readonly right: IndexExpression }
  /** Query and key lie in the same packed document. */
  | { readonly kind: "document" };

export interface MaskDefinition {
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  readonly predicate: (args: Readonly<Record<string, number>>) => MaskExpression;
}

export function defineMask(definition: MaskDefinition): MaskDefinition {
  return definition;
}

export const query: IndexExpression = { kind: "variable", name: "query" };
export const key: IndexExpression = { kind: "variable", name: "key" };
export const prefixLength: IndexExpression = { kind: "variable", name: "prefix" };
export const number = (value: number): IndexExpression => ({ kind: "number", value });
export const compare = (left: IndexExpression, operator: "<" | "<=" | ">" | ">=" | "==" | "!=", right: IndexExpression): MaskExpression => ({ kind: "compare", operator, left, right });
export const minus = (left: IndexExpression, right: IndexExpression): IndexExpression => ({ kind: "arithmetic", operator: "-", left, right });
export const abs = (operand: IndexExpression): IndexExpression => ({ kind: "abs", operand });
export const and = (left: MaskExpression, right: MaskExpression): MaskExpression => ({ kind: "and", left, right });
export const or = (left: MaskExpression, right: MaskExpression): MaskExpression => ({ kind: "or", left, right });
