// `weights NAME { … }` as data: sections, and one line a tensor.

import type { Expression, Field, Section, Statement } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { misplaced } from "../../../grammar/diagnostics/PT3014-misplaced.ts";
import { unknownField } from "../../../grammar/diagnostics/PT3001-unknown-field.ts";
import { unknownName } from "../../../grammar/diagnostics/PT2002-unknown-name.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import type { Ours, TensorLine, WeightsMap } from "../../weights/define.ts";
import type { Declared, Scope } from "../1-resolve/program.ts";
import { at, type Context } from "./context.ts";
import { describeExpression } from "./numbers.ts";

export function weightsMap(node: Section, scope: Scope, declared: Declared, heads: readonly string[], context: Context): WeightsMap {
  let modelType: string | null = null;
  const architectures: Record<string, string[]> = {};
  const requires: Record<string, (string | number | boolean)[]> = {};
  const config: Record<string, Expression> = {};
  const tensors: TensorLine[] = [];
  const wrong = (expression: Expression, wanted: string): void => context.sink.report(wrongType, at(scope, expression.span), { wanted, given: describeExpression(expression) });
  for (const statement of node.body.statements) {
    const section = statement.kind === "item" && statement.body && !statement.arguments ? statement.name.text : null;
    if (section === "architectures") {
      for (const [name, value] of fieldsOf(statement, scope, context)) {
        const items = value.kind === "list" ? value.items : [value];
        architectures[name] = items.flatMap((item) => {
          const head = item.kind === "reference" ? dotted(item) : null;
          if (head && heads.includes(head)) return [head];
          if (head) context.sink.report(unknownName, at(scope, item.span), { name: head, wanted: "a head of the model", suggestion: didYouMean(head, heads) });
          else wrong(item, "a head");
          return [];
        });
      }
    } else if (section === "requires") {
      for (const [name, value] of fieldsOf(statement, scope, context)) {
        requires[name] = (value.kind === "list" ? value.items : [value]).flatMap((item) => {
          if (item.kind === "number" || item.kind === "string" || item.kind === "switch") return [item.value];
          wrong(item, "a text, a number, `on` or `off`");
          return [];
        });
      }
    } else if (section === "config") {
      const names = declared.parameters.map((parameter) => parameter.name);
      for (const [name, value, field] of fieldsOf(statement, scope, context)) {
        if (names.includes(name)) config[name] = value;
        else context.sink.report(unknownName, at(scope, field.path.span), { name, wanted: `a parameter of \`${declared.name}\``, suggestion: didYouMean(name, names) });
      }
    } else if (statement.kind === "field" && statement.path.kind === "string" && statement.value.kind !== "block") {
      const ours = oursOf(statement.value, wrong);
      if (ours) tensors.push({ theirs: statement.path.value, ours, place: at(scope, statement.path.span) });
    } else if (statement.kind === "field" && statement.path.kind === "reference" && dotted(statement.path) === "model_type" && statement.value.kind !== "block") {
      if (statement.value.kind === "string") modelType = statement.value.value;
      else wrong(statement.value, "a text in quotes");
    } else {
      const name = statement.kind === "item" ? statement.name.text : statement.kind === "field" && statement.path.kind === "reference" ? dotted(statement.path) : statement.kind;
      const known = ["model_type", "architectures", "requires", "config"];
      context.sink.report(unknownField, at(scope, statement.span), { name, where: "a `weights` block", suggestion: didYouMean(name, known), names: known });
    }
  }
  return { name: node.name.text, modelType, architectures, requires, config, tensors };
}

function fieldsOf(statement: Statement, scope: Scope, context: Context): [string, Expression, Field][] {
  if (statement.kind !== "item" || !statement.body) return [];
  return statement.body.statements.flatMap((field): [string, Expression, Field][] => {
    if (field.kind === "field" && field.value.kind !== "block") return [[field.path.kind === "string" ? field.path.value : dotted(field.path), field.value, field]];
    context.sink.report(misplaced, at(scope, field.span), { what: "this", where: `\`${statement.name.text}\``, instead: "each line is a name, a colon and a value" });
    return [];
  });
}

function oursOf(expression: Expression, wrong: (expression: Expression, wanted: string) => void): Ours | null {
  if (expression.kind === "string") return { kind: "name", pattern: expression.value };
  if (expression.kind === "switch" && !expression.value) return { kind: "off" };
  if (expression.kind === "call") {
    const name = dotted(expression.target);
    const inner = expression.arguments.map((argument) => oursOf(argument.value, wrong));
    if (inner.some((one) => one === null)) return null;
    if (name === "transposed" && inner.length === 1) return { kind: "transposed", of: inner[0]! };
    if (name === "concat" && inner.length) return { kind: "concat", parts: inner as Ours[] };
  }
  wrong(expression, "a name in quotes, `transposed(…)`, `concat(…)` or `off`");
  return null;
}
