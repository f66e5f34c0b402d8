// What a row has instead of the baseline's, as texts.

import type { Statement } from "../../../../grammar/ast.ts";
import type { Change } from "../../../ablations/spec.ts";
import type { RunSpec } from "../../../run-spec.ts";
import type { MaskExpression } from "../../../masks/define.ts";
import { maskText, numberText, valueText } from "../../../value-text.ts";
import type { Value } from "../values.ts";
import { pathText } from "./axes.ts";

/** Of the paths that the statements name; what comes to the same is no change. */
export function changesOf(statements: readonly Statement[], baseline: RunSpec, row: RunSpec): Change[] {
  const changes = new Map<string, Change>();
  for (const path of statements.flatMap((statement) => pathsOf(statement, ""))) {
    const [from, to] = [textAt(baseline, path.split(".")), textAt(row, path.split("."))];
    if (from !== to) changes.set(path, { path, from, to });
  }
  return [...changes.values()];
}

/** Of a block, the paths inside it. */
function pathsOf(statement: Statement, prefix: string): string[] {
  const inner = (path: string, statements: readonly Statement[]): string[] => statements.flatMap((one) => pathsOf(one, `${prefix}${path}.`));
  if (statement.kind === "field") return statement.value.kind === "block" ? inner(pathText(statement), statement.value.statements) : [prefix + pathText(statement)];
  if (statement.kind === "item" && statement.body) return inner(statement.name.text, statement.body.statements);
  return statement.kind === "remove" ? [prefix + pathText(statement)] : [];
}

const absent = "none";

/** The value at a path of a run; `none` where there is nothing. */
function textAt(run: RunSpec, [first, ...rest]: readonly string[]): string {
  if (first === "from" && !rest.length) return startText(run);
  let value: Value | undefined = run.values[first];
  if (first === "length" && !value) return String(run.length);
  if (first === "model" && rest.length === 1) return parameterText(run.architecture.parameters[rest[0]]);
  for (const name of rest) {
    if (value?.kind === "call" || value?.kind === "objective") value = value.arguments[name];
    else if (value?.kind === "section") value = value.fields[name];
    else return absent;
  }
  return value ? valueText(value) : absent;
}

/** What a run starts from. */
function startText({ from, imported }: RunSpec): string {
  if (imported) return `imported(${JSON.stringify(imported.folder)})`;
  return from ? `${from.run.name}${from.checkpoint === "last" ? "" : `(checkpoint: ${from.checkpoint === "best" ? "best" : numberText(from.checkpoint, "steps")})`}` : absent;
}

function parameterText(value: unknown): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "object" && value !== null && "word" in value) return String(value.word);
  if (typeof value === "object" && value !== null) return maskText(value as MaskExpression);
  return value === undefined || value === null ? absent : String(value);
}
