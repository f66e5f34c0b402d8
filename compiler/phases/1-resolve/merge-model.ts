// Statements of a model over those it inherits: lets, stacks, heads and weight maps are replaced by name, whole;
// a stack that holds only fields is laid over the inherited one.

import type { Statement } from "../../../grammar/ast.ts";
import { repeatedField } from "../../../grammar/diagnostics/PT3002-repeated-field.ts";
import { misplaced } from "../../../grammar/diagnostics/PT3014-misplaced.ts";
import { placeOf, type FileScope, type Sink, type Sourced } from "./program.ts";

/** A stack with the fields that extensions laid over it. */
export interface Overlaid extends Sourced { readonly overlay?: readonly Sourced[] }

export function mergeStatements(base: readonly Sourced[], statements: readonly Statement[], scope: FileScope, sink: Sink): Overlaid[] {
  const merged: Overlaid[] = [...base];
  const own = new Map<string, Statement>();
  for (const statement of statements) {
    const key = keyOf(statement);
    if (!key) {
      sink.report(misplaced, placeOf(scope.source, statement.span), { what: statement.kind === "item" ? `the layer \`${statement.name.text}\`` : `\`${statement.kind}\``, where: "a model", instead: "layers stand in a stack: `encoder { … }` or `decoder { … }`, or in a `head NAME { … }`" });
      continue;
    }
    const first = own.get(key);
    if (first) sink.report(repeatedField, placeOf(scope.source, statement.span), { name: key }, { related: [{ message: "first given here", place: placeOf(scope.source, first.span) }] });
    own.set(key, statement);
    const index = merged.findIndex((other) => keyOf(other.statement) === key);
    if (index < 0) merged.push({ statement, scope });
    else if (statement.kind === "stack" && statement.body.statements.length && statement.body.statements.every((inner) => inner.kind === "field")) {
      merged[index] = { ...merged[index], overlay: [...(merged[index].overlay ?? []), ...statement.body.statements.map((inner) => ({ statement: inner, scope }))] };
    } else merged[index] = { statement, scope };
  }
  return merged;
}

function keyOf(statement: Statement): string | null {
  switch (statement.kind) {
    case "let":
      return `let ${statement.name.text}`;
    case "stack":
      return statement.name ? `${statement.word} ${statement.name.text}` : statement.word;
    case "section":
      return `${statement.word} ${statement.name.text}`;
    default:
      return null;
  }
}
