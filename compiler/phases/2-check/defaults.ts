// Defaults in records are texts of the language; each is parsed once.

import type { Expression } from "../../../grammar/ast.ts";
import { parse } from "../../../grammar/parse.ts";

const parsed = new Map<string, Expression>();

/** Throws when the text is not an expression: a bug in a record. */
export function defaultExpression(text: string): Expression {
  let expression = parsed.get(text);
  if (!expression) {
    const { tree, diagnostics } = parse(`let default_value = ${text}`, "default");
    const item = tree.items[0];
    if (diagnostics.length || item?.kind !== "let") throw new Error(`the default \`${text}\` is not an expression`);
    parsed.set(text, (expression = item.value));
  }
  return expression;
}
