// An `ablation` declaration as an AblationSpec: the grid of its axes, each point a run that extends the baseline.

import type { Statement } from "../../../../grammar/ast.ts";
import { ablation as ablationBlock } from "../../../../grammar/blocks/ablation.ts";
import { blocks } from "../../../../grammar/blocks/index.ts";
import { missingField } from "../../../../grammar/diagnostics/PT3003-missing-field.ts";
import { rowChangesNothing } from "../../../../grammar/diagnostics/PT5090-row-changes-nothing.ts";
import { malformedAxis } from "../../../../grammar/diagnostics/PT5093-malformed-axis.ts";
import { conflictingArguments } from "../../../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
import { inRow } from "../../../ablations/in-row.ts";
import type { AblationRow, AblationSpec, Assertion, Measure, Measured } from "../../../ablations/spec.ts";
import type { RowQuantity } from "../../../ablations/words.ts";
import type { RunSpec } from "../../../run-spec.ts";
import { mergeFields } from "../../1-resolve/merge-fields.ts";
import { createSink, type Declared } from "../../1-resolve/program.ts";
import { specText } from "../../spec-text.ts";
import type { Context } from "../context.ts";
import { checkFields } from "../fields.ts";
import { lookup } from "../names.ts";
import { checkRun } from "../run.ts";
import { whereOf } from "../sources.ts";
import { plain, plainAll, type Value, type Values } from "../values.ts";
import { axesOf, type AxisRow, type RowAxis } from "./axes.ts";
import { changesOf } from "./changes.ts";
import { checkMeasured, measuresOf, refuseMissing, trained } from "./measures.ts";

/** More rows than anybody reads, or a grid written by mistake. */
const mostRows = 10_000;

/** Null after a report. */
export function checkAblation(declared: Declared, context: Context): AblationSpec | null {
  const before = context.sink.errors;
  const where = whereOf(declared, {}, context);
  if (!where) return null;
  const values = checkFields(declared.fields, ablationBlock.fields, where, context);
  const axes = axesOf(declared, context);
  const baseline = baselineOf(declared, context);
  if (!axes.length && context.sink.errors === before) context.sink.report(malformedAxis, declared.place, { problem: "it has no `vary`: there is nothing to compare the baseline with" });
  if (!baseline) return null;
  const around = { ...context, ablated: [declared.scope, baseline.declared.scope] };
  const measures = measuresOf(values.measure, baseline, declared.place, around);
  const size = axes.reduce((product, axis) => product * axis.points.length, 1);
  if (size > mostRows) context.sink.report(malformedAxis, declared.place, { problem: `its axes make ${size} rows, more than ${mostRows}` });
  if (context.sink.errors !== before || !measures) return null;
  const rows = rowsOf(axes, baseline, measures, declared, around);
  const fit = fitOf(values, context);
  if (context.sink.errors !== before) return null;
  return {
    name: declared.name,
    declared,
    place: declared.place,
    axes: axes.map(({ title, rows: labels }) => ({ title, rows: labels })),
    rows,
    seeds: Array.from({ length: plain(values.seeds) as number }, (_, i) => baseline.seed + i),
    measures,
    asserts: assertsOf(values.assert),
    published: values.published?.kind === "text" ? { file: values.published.value, place: values.published.origin.place ?? declared.place } : null,
    fit,
  };
}

/** The run after `of`. */
function baselineOf(declared: Declared, context: Context): RunSpec | null {
  const relation = declared.node.relations.find((candidate) => candidate.word === "of");
  if (!relation) {
    context.sink.report(missingField, declared.place, { names: ["of BASELINE"], where: `the ablation \`${declared.name}\`` });
    return null;
  }
  const found = lookup(relation.target, { what: "declaration", kinds: trained }, declared.scope, context);
  return found?.kind === "declaration" ? checkRun(found.declared, context) : null;
}

function rowsOf(axes: readonly RowAxis[], baseline: RunSpec, measures: readonly Measure[], declared: Declared, context: Context): AblationRow[] {
  const measuredOf = (row: Context): Map<Declared, Measured> => new Map([...new Set(measures.map(({ of }) => of))].flatMap((of) => {
    const measured = checkMeasured(of, row);
    return measured ? [[of, measured] as const] : [];
  }));
  const text = specText(baseline, context);
  const first: AblationRow = { label: baseline.name, values: [], baseline: true, place: declared.place, changes: [], text, run: baseline, measured: measuredOf(context), context };
  const combinations = grid(axes);
  const make = (combination: readonly AxisRow[]): AblationRow | null => rowOf(combination, baseline, measures, measuredOf, declared, context);
  const rows = combinations.map(make);
  const texts = rows.map((row) => row && row.text);
  refuseUnchanged(axes, texts, combinations, text, baseline, (point) => make([point])?.text ?? null, context);
  const named = rows.find((row, i) => row && texts[i] === text);
  return [named ? { ...first, label: named.label, values: named.values, place: named.place } : first, ...rows.filter((row, i): row is AblationRow => row !== null && texts[i] !== text)];
}

/** All combinations, the last axis varying fastest. */
function grid(axes: readonly RowAxis[]): AxisRow[][] {
  return axes.reduce<AxisRow[][]>((rows, axis) => rows.flatMap((row) => axis.points.map((point) => [...row, point])), [[]]);
}

/** Null after a report; what is reported outside the row says which row it was. */
function rowOf(combination: readonly AxisRow[], baseline: RunSpec, measures: readonly Measure[], measuredOf: (row: Context) => Map<Declared, Measured>, declared: Declared, context: Context): AblationRow | null {
  const label = labelOf(combination);
  const { place } = combination.at(-1)!;
  const sink = createSink();
  let fields = baseline.declared.fields;
  for (const { statements } of combination) fields = mergeFields(fields, statements, blocks[baseline.kind].fields, declared.scope, sink);
  const changed: Declared = { ...baseline.declared, fields: withSeed(fields, baseline) };
  const own: Context = { ...context, sink, runs: new Map(), rebased: new Map([[baseline.declared, changed]]) };
  const run = checkRun(baseline.declared, own);
  const measured = run ? measuredOf(own) : new Map<Declared, Measured>();
  for (const one of measures) {
    const it = measured.get(one.of);
    if (it) refuseMissing(one, it, own, label);
  }
  const whole = { ...declared.place, span: declared.node.span };
  for (const diagnostic of sink.diagnostics) context.sink.add(inRow(diagnostic, label, place, whole));
  if (!run || sink.errors) return null;
  const statements: Statement[] = combination.flatMap((point) => [...point.statements]);
  return { label, values: combination.map((point) => point.label), baseline: false, place, changes: changesOf(statements, baseline, run), text: specText(run, own), run, measured, context: own };
}

/** Every row runs the baseline's seeds, whatever it says. */
function withSeed(fields: Declared["fields"], baseline: RunSpec): Declared["fields"] {
  const seed = baseline.declared.fields.get("seed");
  const changed = new Map(fields);
  if (seed) changed.set("seed", seed);
  else changed.delete("seed");
  return changed;
}

/** A row that is the baseline under a label of its own, two that are one run, an axis of one value that is the baseline's. A point of a grid may be the baseline, and an empty block is: it names it. */
function refuseUnchanged(axes: readonly RowAxis[], texts: readonly (string | null)[], points: readonly AxisRow[][], text: string, baseline: RunSpec, alone: (point: AxisRow) => string | null, { sink }: Context): void {
  const labelled = axes.length === 1 && (axes[0].blocks || axes[0].points.length === 1);
  const first = new Map<string, AxisRow[]>();
  points.forEach((combination, i) => {
    const own = texts[i];
    if (own === null) return;
    const twin = first.get(own);
    const { place } = combination.at(-1)!;
    const named = axes[0].blocks && !combination.some((point) => point.statements.length);
    if (own === text && labelled && !named) sink.report(rowChangesNothing, place, { row: labelOf(combination), same: baseline.name, baseline: true });
    else if (twin) sink.report(rowChangesNothing, place, { row: labelOf(combination), same: labelOf(twin), baseline: false }, { related: [{ message: "the same run", place: twin.at(-1)!.place }] });
    else first.set(own, combination);
  });
  if (axes.length === 1) return;
  for (const { points: [point, ...others] } of axes) if (!others.length && alone(point) === text) sink.report(rowChangesNothing, point.place, { row: point.label, same: baseline.name, baseline: true });
}

const labelOf = (combination: readonly AxisRow[]): string => combination.map((point) => point.label).join(", ");

function assertsOf(value: Value | undefined): Assertion[] {
  const items = !value ? [] : value.kind === "list" ? value.items : [value];
  return items.flatMap((item): Assertion[] => {
    if (item.kind !== "call" || !item.origin.place) return [];
    const { what, within } = plainAll(item.arguments);
    const { place } = item.origin;
    return [{ what: what as RowQuantity, within: within as number, text: place.text.slice(place.span.start, place.span.end).replace(/\s+/g, " "), place }];
  });
}

function fitOf({ fit }: Values, { sink }: Context): AblationSpec["fit"] {
  if (fit?.kind !== "call") return null;
  const over = Object.values(plainAll(fit.arguments)).filter((word) => typeof word === "string") as RowQuantity[];
  const twice = over.find((word, i) => over.indexOf(word) !== i);
  if (twice && fit.origin.place) sink.report(conflictingArguments, fit.origin.place, { word: fit.word, problem: `\`${twice}\` is given twice` });
  return { over };
}
