// Texts with holes as values, their holes against the columns that fill them, and `template` declarations as a plan holds them.

import type { Expression } from "../../../grammar/ast.ts";
import { template as templateBlock } from "../../../grammar/blocks/template.ts";
import { contentHole } from "../../../grammar/diagnostics/PT2042-content-hole.ts";
import { unfillableHole } from "../../../grammar/diagnostics/PT2041-unfillable-hole.ts";
import { unknownHole } from "../../../grammar/diagnostics/PT2040-unknown-hole.ts";
import type { FieldType } from "../../../grammar/fields.ts";
import { nearest } from "../../../grammar/nearest.ts";
import type { PlanChat } from "../../chat.ts";
import type { PlanColumn } from "../../plan/schema.ts";
import type { Declared, Thunk } from "../1-resolve/program.ts";
import { at, type Context } from "./context.ts";
import { evaluate, refusePaths } from "./evaluate.ts";
import { checkFields } from "./fields.ts";
import { whereOf } from "./sources.ts";
import { plain, type TemplateText, type Value } from "./values.ts";

/** Undefined where the expression has another form; null after a report. */
export function templateOf(expression: Expression, thunk: Thunk, type: FieldType, context: Context): Value | null | undefined {
  const { scope, origin } = thunk;
  if (type.type === "template" && expression.kind === "string") {
    if (refusePaths(thunk, context)) return null;
    const holes = expression.parts.flatMap((part) => ("hole" in part ? [{ name: part.hole, place: at(scope, part.span) }] : []));
    const template = expression.parts.map((part) => ("hole" in part ? { hole: part.hole } : { text: part.text }));
    return { kind: "template", text: { template, holes, place: at(scope, expression.span) }, origin };
  }
  if (type.type === "prompt" && expression.kind === "binary" && expression.operator === "->") {
    if (refusePaths(thunk, context)) return null;
    const [inputs, targets] = [expression.left, expression.right].map((side) => evaluate({ expression: side, scope, origin: { how: "written", place: at(scope, side.span) } }, { type: "template" }, context));
    return inputs?.kind === "template" && targets?.kind === "template" ? { kind: "prompt", inputs: inputs.text, targets: targets.text, origin } : null;
  }
  return undefined;
}

/** Every hole is a column of the data, and one that has a text. `data`: what the source is called. */
export function checkHoles(text: TemplateText, columns: { readonly [name: string]: PlanColumn }, data: string, context: Context): void {
  for (const { name, place } of text.holes) {
    if (!Object.hasOwn(columns, name)) {
      const [near] = nearest(name, Object.keys(columns));
      const fixes = near ? [{ title: `change to \`{${near}}\``, edits: [{ start: place.span.start, end: place.span.end, text: `{${near}}` }] }] : [];
      context.sink.report(unknownHole, place, { hole: name, data, columns: Object.keys(columns), ...(near ? { nearest: near } : {}) }, { fixes });
    } else if (!context.catalog.columns[columns[name].type].fills) context.sink.report(unfillableHole, place, { hole: name, type: columns[name].type });
  }
}

/** A `template` declaration; null after a report. */
export function chatOf(declared: Declared, context: Context): PlanChat | null {
  const before = context.sink.errors;
  const where = whereOf(declared, {}, context);
  if (!where) return null;
  const values = checkFields(declared.fields, templateBlock.fields, where, context);
  for (const [role, value] of Object.entries(values)) {
    if (value.kind !== "template") continue;
    const { holes, place } = value.text;
    const wrong = holes.find(({ name }) => name !== "content") ?? holes[1];
    if (wrong || !holes.length) context.sink.report(contentHole, wrong?.place ?? place, { role, template: declared.name, found: wrong ? wrong.name : null });
  }
  if (context.sink.errors !== before || declared.incomplete) return null;
  const text = (role: string): string | null => (values[role] ? (plain(values[role]) as string) : null);
  return { system: text("system"), user: text("user"), assistant: text("assistant") };
}
