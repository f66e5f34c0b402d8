// `vary` statements as axes: each row a label and the statements of an extension.

import type { Block, Expression, Field, List, Reference, Statement, Vary } from "../../../../grammar/ast.ts";
import { dotted } from "../../../../grammar/ast.ts";
import { duplicateName } from "../../../../grammar/diagnostics/PT2003-duplicate-name.ts";
import { malformedAxis } from "../../../../grammar/diagnostics/PT5093-malformed-axis.ts";
import type { Place } from "../../../../grammar/diagnostics/define.ts";
import { printExpression } from "../../../../grammar/print-ast.ts";
import type { Axis } from "../../../ablations/spec.ts";
import type { Declared, FileScope } from "../../1-resolve/program.ts";
import { at, type Context } from "../context.ts";
import { lookup } from "../names.ts";

/** A row of an axis: what an extension of the baseline would say. */
export interface AxisRow { readonly label: string; readonly statements: readonly Statement[]; readonly place: Place }

export interface RowAxis extends Axis {
  readonly points: readonly AxisRow[];
  /** Rows that are blocks of changes; the others give values to paths. */
  readonly blocks: boolean;
  readonly place: Place;
}

/** Those that hold together; the rest is reported. */
export function axesOf(declared: Declared, context: Context): RowAxis[] {
  const { scope } = declared;
  const axes: RowAxis[] = [];
  for (const statement of declared.node.body?.statements ?? []) {
    if (statement.kind !== "vary") continue;
    const place = at(scope, statement.span);
    const before = context.sink.errors;
    const points = pointsOf(statement, scope, context);
    if (!points) continue;
    if (!points.length && context.sink.errors === before) refuse(context, place, "it has no rows");
    const first = new Map<string, AxisRow>();
    for (const point of points) {
      const known = first.get(point.label);
      if (known) context.sink.report(duplicateName, point.place, { name: point.label, what: "row" }, { related: [{ message: "first given here", place: known.place }] });
      else first.set(point.label, point);
    }
    const kept = [...first.values()];
    if (kept.length) axes.push({ title: titleOf(statement, kept), rows: kept.map((point) => point.label), points: kept, blocks: !statement.target, place });
  }
  return axes;
}

function refuse({ sink }: Context, place: Place, problem: string): null {
  sink.report(malformedAxis, place, { problem });
  return null;
}

/** The varied paths. */
function titleOf({ target }: Vary, points: readonly AxisRow[]): string {
  if (target?.kind === "reference") return dotted(target);
  const paths = points.flatMap(({ statements }) => statements.flatMap((statement) => (statement.kind === "field" || statement.kind === "remove" ? [pathText(statement)] : statement.kind === "item" ? [statement.name.text] : [])));
  return [...new Set(paths)].join(", ");
}

/** The path of a field, dotted. */
export function pathText({ path }: Pick<Field, "path">): string {
  return path.kind === "string" ? path.value : dotted(path);
}

/** Null after a report. */
function pointsOf(statement: Vary, scope: FileScope, context: Context): AxisRow[] | null {
  const { target, rows } = statement;
  if (rows.kind === "block") return blockPoints(target ? targetPaths(target, scope, context) : undefined, target, rows, scope, context);
  const paths = target && targetPaths(target, scope, context);
  const list = listOf(rows, scope, context);
  if (!list || !paths) return null;
  return list.items.flatMap((item) => {
    const statements = fieldsFor(paths, target.kind === "list", item, scope, context);
    return statements ? [{ label: labelOf(item), statements, place: at(scope, item.span) }] : [];
  });
}

function labelOf(item: Expression): string {
  return item.kind === "list" ? item.items.map((inner) => printExpression(inner)).join(", ") : printExpression(item);
}

function targetPaths(target: Reference | List, scope: FileScope, context: Context): Reference[] | null {
  if (target.kind === "reference") return [target];
  const paths = target.items.filter((item) => item.kind === "reference");
  if (paths.length === target.items.length && paths.length) return paths;
  return refuse(context, at(scope, target.span), "between `[` and `]` stand paths of the baseline, such as `[model.layers, optimizer.lr]`");
}

/** A list, or the name of one of this file. */
function listOf(rows: Expression, scope: FileScope, context: Context): List | null {
  if (rows.kind === "group") return listOf(rows.inner, scope, context);
  if (rows.kind === "list") return rows;
  if (rows.kind === "reference") {
    const found = lookup(rows, { what: "list" }, scope, context);
    if (!found) return null;
    if (found.kind === "thunk" && found.thunk.scope.source === scope.source && found.thunk.expression.kind === "list") return found.thunk.expression;
  }
  return refuse(context, at(scope, rows.span), "after `in` stands a list of values or a block of labelled ones");
}

/** `"label": value` for paths, `"label": { changes }` without. */
function blockPoints(paths: Reference[] | null | undefined, target: Reference | List | undefined, rows: Block, scope: FileScope, context: Context): AxisRow[] | null {
  if (paths === null) return null;
  return rows.statements.flatMap((row): AxisRow[] => {
    if (row.kind !== "field" || row.path.kind !== "string") {
      refuse(context, at(scope, row.span), paths ? "a row is a label in quotes, a colon and a value" : "a row is a label in quotes, a colon and a block of changes");
      return [];
    }
    const place = at(scope, row.path.span);
    if (!paths) {
      if (row.value.kind === "block") return [{ label: row.path.value, statements: row.value.statements, place }];
      refuse(context, at(scope, row.value.span), "a row of `vary { … }` is a block of changes: `\"wide\": { model.width: 256 }`");
      return [];
    }
    const statements = row.value.kind === "block" && target?.kind === "reference" ? [fieldAt(paths[0], row.value)] : row.value.kind === "block" ? null : fieldsFor(paths, target?.kind === "list", row.value, scope, context);
    if (statements) return [{ label: row.path.value, statements, place }];
    if (row.value.kind === "block") refuse(context, at(scope, row.value.span), "several paths take a list of values");
    return [];
  });
}

function fieldAt(path: Reference, value: Field["value"]): Field {
  return { kind: "field", path, value, span: { start: path.span.start, end: value.span.end } };
}

/** One field a path; several paths take as many values. Null after a report. */
function fieldsFor(paths: readonly Reference[], several: boolean, value: Expression, scope: FileScope, context: Context): Field[] | null {
  if (!several) return [fieldAt(paths[0], value)];
  if (value.kind === "list" && value.items.length === paths.length) return value.items.map((item, i) => fieldAt(paths[i], item));
  return refuse(context, at(scope, value.span), `${paths.length} paths take ${paths.length} values: \`[${paths.map(() => "…").join(", ")}]\``);
}
