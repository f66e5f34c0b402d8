// A `pretrain` or `finetune` declaration as a RunSpec: its fields, its model for its tokenizer, and all of it against each other.

import { blocks } from "../../../grammar/blocks/index.ts";
import { conflictingArguments } from "../../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import { missingField } from "../../../grammar/diagnostics/PT3003-missing-field.ts";
import { incompleteDeclaration } from "../../../grammar/diagnostics/PT3022-incomplete-declaration.ts";
import { lengthUnknown } from "../../../grammar/diagnostics/PT5008-length-unknown.ts";
import { unsampledRun } from "../../../grammar/diagnostics/PT5124-unsampled-run.ts";
import { preferenceWithoutFrom } from "../../../grammar/diagnostics/PT5123-preference-without-from.ts";
import { missingToken } from "../../../grammar/diagnostics/PT5003-missing-token.ts";
import { otherArchitecture } from "../../../grammar/diagnostics/PT5011-other-architecture.ts";
import { adapted, addsLayers } from "../../adapt.ts";
import { generatingHead, instancesOf, weightsOf, type Head } from "../../architecture.ts";
import { canonical } from "../../plan/canonical.ts";
import { resolvedText } from "../../value-text.ts";
import { optimizerOf } from "../../graphs.ts";
import { checkpointOf, checkpointType } from "../../objectives/combinators.ts";
import { distinctNames } from "../../objectives/tree.ts";
import type { Relation } from "../../../grammar/ast.ts";
import type { Call, Plan } from "../../plan/schema.ts";
import type { Teacher } from "../../layout.ts";
import { leavesOfSource } from "../../plan/source.ts";
import type { RunSpec } from "../../run-spec.ts";
import type { Declared, Entry, Origin, Scope, Thunk } from "../1-resolve/program.ts";
import { argumentsOf, overridden } from "./calls.ts";
import { at, silent, type Context } from "./context.ts";
import { crossCheck } from "./cross-check.ts";
import { entriesOf, evaluateData } from "./data.ts";
import { evaluate } from "./evaluate.ts";
import { checkFields } from "./fields.ts";
import { checkScores, evaluationOf, taskEvaluation } from "./held-out.ts";
import { checkReader, checkTextFields, layOutImageTask, positionsOf, towerOf } from "./image-task.ts";
import type { LaidOut, Subject } from "./layout.ts";
import { importedFields, importedModel, importedStart, type ImportedStart } from "./imported.ts";
import { instantiate } from "./model.ts";
import { lookup } from "./names.ts";
import { describeExpression } from "./numbers.ts";
import { batchOf, checkpointsOf, countOf, horizonOf, samplesOf } from "./run-fields.ts";
import { checkIds, idsTokenizer, needText, sourceOf, specialId, tokenizerOf, whereOf } from "./sources.ts";
import { layOutTask, widthOf } from "./task.ts";
import { tasksOf, type Tasks } from "./tasks.ts";
import { layOutTexts, type TextOptions } from "./text-tasks.ts";
import { layOutTaught } from "./teachers.ts";
import { usualHeadBody } from "./usual-head.ts";
import { plain, type Values } from "./values.ts";

/** Null after a report. Each declaration is checked once, however many runs start from it. */
export function checkRun(declared: Declared, context: Context): RunSpec | null {
  const known = context.runs.get(declared) as RunSpec | null | undefined;
  if (known !== undefined) return known;
  const run = checkOnce(context.rebased?.get(declared) ?? declared, context);
  context.runs.set(declared, run);
  return run;
}

function checkOnce(declared: Declared, context: Context): RunSpec | null {
  const before = context.sink.errors;
  const where = whereOf(declared, {}, context);
  if (!where) return null;
  const start = startOf(declared, context);
  if (start === undefined) return null;
  const { from, imported } = start;
  const fields = fieldsWithInherited(declared, start);
  const kind = declared.word as RunSpec["kind"];
  const drawn = kind === "pretrain" && !fields.has("tokenizer") && isSynthetic(fields.get("data")?.thunk, where.inner, context);
  const pictured = kind === "finetune" && !fields.has("tokenizer") && hasImages(fields.get("data")?.thunk, where.inner, context);
  const values = checkFields(fields, blocks[kind].fields, where, context, ["length", ...(drawn || pictured ? ["tokenizer"] : [])]);
  const tokenizerDeclared = values.tokenizer?.kind === "declaration" ? values.tokenizer.declared : null;
  const whole = values.data?.kind === "data" ? sourceOf(values.data.declared, values.data.part, context) : null;
  const tasks = kind === "finetune" && (whole || !values.data) ? tasksOf(values, whole, where, context) : null;
  const task = tasks && tasks.list[0];
  const data = tasks ? tasks.data : whole;
  const images = task !== null && task.image !== null;
  if (pictured && task && !images) context.sink.report(missingField, declared.place, { names: ["tokenizer"], where: where.what });
  const tokenizer = tokenizerDeclared ? tokenizerOf(tokenizerDeclared, context) : (drawn || (pictured && images)) && data ? idsTokenizer(data, context) : null;
  const evaluation = kind === "pretrain" ? evaluationOf(values.evaluate, context) : tasks && taskEvaluation(values, tasks, where, context);
  const model = values.model?.kind === "declaration" ? values.model : null;
  if (!model || !tokenizer || (kind === "finetune" && !task)) return null;
  const tokenizerName = tokenizerDeclared?.name ?? "ids";
  const dataPlace = values.data?.origin.place ?? declared.place;
  if (data && !task) needText(data, dataPlace, context);
  for (const source of [data, evaluation?.data]) if (source) checkIds(source, tokenizer, tokenizerName, dataPlace, context);
  const built = instantiate(model.declared, model.arguments, {
    place: model.origin.place ?? declared.place,
    vocab: { value: tokenizer.vocab, origin: { how: "tokenizer", place: tokenizerDeclared?.place ?? dataPlace, note: tokenizerDeclared ? `the size of \`${tokenizerName}\`` : "the number of ids of the data" } },
    tokenId: (name, place) => {
      const id = specialId(tokenizer, name, context);
      // A run on images has no text that it could stand in.
      if (id === null && pictured) return 0;
      if (id === null) context.sink.report(missingToken, place, { token: name, tokenizer: tokenizerName, why: "the model names" });
      return id;
    },
    ...(task && task.facts.width !== "vocabulary" ? { headValues: { classes: widthOf(task) }, usualHead: { name: task.facts.head, reads: images ? "pixels" : "tokens", body: usualHeadBody(task.facts, widthOf(task)) } } : {}),
  }, context);
  if (!built || !data || declared.incomplete || context.sink.errors !== before) return null;
  const place = (task ? values.task : values.objective)?.origin.place ?? declared.place;
  if (task && !checkReader(task, built, { model: model.declared.name, place }, context)) return null;
  if (images) checkTextFields(values, built, context);
  const architecture = images ? towerOf(built) : built;
  const context_ = architecture.parameters.context;
  const length = images ? positionsOf(architecture) : values.length ? (plain(values.length) as number) : typeof context_ === "number" ? context_ : null;
  if (length === null) {
    context.sink.report(lengthUnknown, declared.place, {});
    return null;
  }
  const batch = batchOf(values.batch, length, context);
  const pack = values.pack ? (plain(values.pack) as boolean) : false;
  const subject: Subject = { architecture, model: model.declared.name, tokenizer, tokenizerName, length, data, pack, place };
  const tree = values.objective?.kind === "objective" ? values.objective.objective : null;
  const variants = variantsIn(values);
  const adapt = values.adapt?.kind === "call" && values.adapt.word !== "everything" ? (plain(values.adapt) as Call) : null;
  const reference: Teacher | null = from && task?.facts.loss === "preference" ? { name: "reference", ...from } : null;
  if (task?.facts.loss === "preference" && !reference) context.sink.report(preferenceWithoutFrom, task.place, { run: declared.name });
  if (task?.facts.loss === "preference" && variants.scratch) context.sink.report(incompleteDeclaration, values.compare_with.origin.place ?? declared.place, { field: "compare_with", because: "has no use: a preference is measured against the weights that the run starts from, and random ones prefer nothing", needs: "remove it" });
  const laidOut: (LaidOut & { readonly teachers?: RunSpec["teachers"] }) | null = tasks ? (images ? layOutImageTask(tasks.list[0], variants.examples, subject, context) : laidOutTasks(tasks, { examples: variants.examples, adapt, reference }, subject, context)) : tree && layOutTaught(distinctNames(tree), subject, declared, (teacher) => checkRun(teacher, context), context);
  if (batch === null || !laidOut) return null;
  const { heads } = laidOut;
  const run: RunSpec = {
    name: declared.name,
    kind,
    declared,
    from,
    imported: imported && { folder: imported.folder, hash: imported.hash },
    fields,
    teachers: laidOut.teachers ?? (reference ? [reference] : []),
    place: declared.place,
    values,
    architecture,
    heads,
    task,
    adapt,
    variants,
    // A tower of images needs none, whatever its model was made with.
    tokenizer: images ? idsTokenizer(data, context) : tokenizer,
    tokenizerDeclared: images ? null : tokenizerDeclared,
    data,
    objective: laidOut.objective,
    layout: laidOut.layout,
    length,
    pack,
    batch,
    horizon: horizonOf(values.train, batch, length, countOf(architecture, heads)),
    optimizer: plain(values.optimizer) as Call,
    schedule: plain(values.schedule) as Call,
    precision: plain(values.precision) as string,
    memory: values.memory?.kind === "number" ? values.memory.value : null,
    guard: plain(values.guard) as Plan["guard"],
    evaluation: evaluation || null,
    checkpoints: checkpointsOf(values.checkpoint),
    samples: samplesOf(values.sample, { tokenizer, name: tokenizerName }, context),
    seed: plain(values.seed) as number,
  };
  const problem = optimizerOf(run).definition.problem?.(run.optimizer.arguments);
  if (problem) context.sink.report(conflictingArguments, values.optimizer.origin.place ?? declared.place, { word: run.optimizer.word, problem });
  if (from) compareArchitectures(run, from.run, context);
  else if (imported) compareImported(run, imported, context);
  if (!from && !imported && variants.scratch) context.sink.report(incompleteDeclaration, values.compare_with.origin.place ?? declared.place, { field: "compare_with", because: "compares with random weights, which the run starts from itself", needs: `start it from another run: \`finetune ${declared.name} from NAME\`` });
  if (run.samples && !generatingHead(heads)) context.sink.report(unsampledRun, values.sample?.origin.place ?? declared.place, { run: declared.name, model: model.declared.name });
  checkAdaptation(run, context);
  checkScores(values.evaluate, run, context);
  crossCheck(run, context);
  return context.sink.errors === before ? run : null;
}

function laidOutTasks({ list, text }: Tasks, options: TextOptions, subject: Subject, context: Context): LaidOut | null {
  const [task] = list;
  return task.facts.width === "vocabulary" ? layOutTexts(list, text, options, subject, context) : layOutTask(task, options, subject, context);
}

/** Whether the adaptation fits the model; a problem of one argument is reported where it was written. */
function checkAdaptation({ architecture, heads, adapt, values, place }: RunSpec, { sink }: Context): void {
  adapted(architecture, heads, adapt, (record, data, argument, extras) => {
    const value = values.adapt;
    const origin = value?.kind === "call" && argument !== undefined ? value.arguments[argument]?.origin : undefined;
    sink.report(record, (origin?.how !== "default" && origin?.place) || value?.origin.place || place, data, extras);
  });
}

/** Further runs that the declaration asks for, and how many examples its own is trained on. */
function variantsIn({ compare_with, examples }: Values): RunSpec["variants"] {
  const curve = examples?.kind === "list" ? examples.items.flatMap((item) => (item.kind === "number" ? [item.value] : [])) : [];
  return { scratch: compare_with !== undefined, curve, examples: examples?.kind === "number" ? examples.value : null };
}

/** Whether a run's data is drawn, all of it. */
function isSynthetic(thunk: Thunk | undefined, inner: (file: Scope) => Scope, context: Context): boolean {
  const quiet = silent(context);
  const value = thunk && evaluateData(thunk.expression, { ...thunk, scope: inner(thunk.scope) }, quiet);
  const entries = value ? entriesOf(value.declared, value.part, quiet) : null;
  return entries?.every((entry) => entry.declared.fields.has("synthetic")) ?? false;
}

/** Whether the data has a column of images. */
function hasImages(thunk: Thunk | undefined, inner: (file: Scope) => Scope, context: Context): boolean {
  const quiet = silent(context);
  const value = thunk && evaluateData(thunk.expression, { ...thunk, scope: inner(thunk.scope) }, quiet);
  const source = value && sourceOf(value.declared, value.part, quiet);
  return source ? leavesOfSource(source).some((leaf) => leaf.kind === "files" && Object.values(leaf.columns).some(({ image }) => image !== undefined)) : false;
}

/** A run starts from the weights of the same stacks; only heads may be new. */
function compareArchitectures(run: RunSpec, from: RunSpec, context: Context): void {
  const merges = from.adapt === null || canonical(from.adapt) === canonical(run.adapt) || !addsLayers(from.adapt);
  if (!merges) context.sink.report(incompleteDeclaration, run.values.adapt?.origin.place ?? run.place, { field: "adapt", because: `must be that of \`${from.name}\`: what \`${from.adapt!.word}\` added there cannot be a part of plain weights`, needs: `write \`adapt: ${resolvedText(from.adapt!)}\`` });
  const shapes = ({ architecture }: RunSpec, heads: readonly Head[]): Map<string, string> => new Map([...weightsOf(instancesOf(run.task?.image ? towerOf(architecture) : architecture, heads))].map(({ name, spec }) => [name, `[${spec.shape.join(", ")}]`]));
  const common = (one: RunSpec, other: RunSpec): Head[] => one.heads.filter((head) => other.heads.some(({ name }) => name === head.name));
  const [ours, theirs] = [shapes(run, common(run, from)), shapes(from, common(from, run))];
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].find((name) => ours.get(name) !== theirs.get(name));
  if (differing) context.sink.report(otherArchitecture, run.values.model.origin.place ?? run.place, { run: run.name, from: from.name, weight: differing, ours: ours.get(differing) ?? null, theirs: theirs.get(differing) ?? null });
}

/** Likewise from an import, where the run has a model of its own. */
function compareImported(run: RunSpec, imported: ImportedStart, context: Context): void {
  const declared = importedModel(imported);
  const theirs = !declared || run.values.model.origin.how === "inherited" ? null : instantiate(declared, {}, { place: declared.place }, context);
  if (theirs) compareArchitectures(run, { ...run, name: `imported("${imported.folder}")`, architecture: theirs, heads: [] }, context);
}

/** What a run that starts from another takes over unless it says otherwise. */
const inherited = ["model", "tokenizer", "length", "precision", "seed"];

/** The fields of a run, with those that it takes over from the run it starts from. */
function fieldsWithInherited(declared: Declared, { from, imported }: Start): Declared["fields"] {
  const fields = new Map(declared.fields);
  fields.delete("from");
  if (imported) for (const [name, entry] of importedFields(imported)) if (!fields.has(name)) fields.set(name, entry);
  for (let run: RunSpec | null = from?.run ?? null; run; run = run.from?.run ?? null) {
    for (const name of inherited) {
      const entry = run.declared.fields.get(name);
      const origin: Origin | undefined = entry && { how: "inherited", place: entry.origin.place, note: `from \`${run.name}\``, history: entry.origin };
      if (entry && !fields.has(name)) fields.set(name, { ...entry, origin: origin!, ...(entry.thunk ? { thunk: { ...entry.thunk, origin: origin! } } : {}) });
    }
  }
  return fields;
}

/** What a run begins with: another run, a model of another program, or neither. */
interface Start { readonly from: RunSpec["from"]; readonly imported: ImportedStart | null }

/** `small(checkpoint: best)`, after `from` or as a field; null after a report. */
function relationOf({ thunk, place }: Entry, { sink }: Context): { readonly relation: Relation; readonly scope: Scope; readonly overrides: Thunk["overrides"] } | null {
  const expression = thunk?.expression;
  const written = expression?.kind === "group" ? expression.inner : expression;
  if (!thunk || (written?.kind !== "reference" && written?.kind !== "call")) {
    sink.report(wrongType, thunk?.origin.place ?? place, { wanted: "a `pretrain`, a `finetune` or `imported(\"DIR\")`", given: expression ? describeExpression(expression) : "a block" });
    return null;
  }
  const called: Pick<Relation, "target" | "arguments"> = written.kind === "call" ? { target: written.target, arguments: written.arguments } : { target: written };
  return { relation: { kind: "relation", word: "from", ...called, span: written.span }, scope: thunk.scope, overrides: thunk.overrides };
}

/** What a run starts from, checked; undefined after a report. */
function startOf(declared: Declared, context: Context): Start | undefined {
  const entry = declared.fields.get("from");
  if (!entry) return { from: null, imported: null };
  const started = relationOf(entry, context);
  if (!started) return undefined;
  const { relation, scope, overrides } = started;
  const outside = importedStart(relation, scope, context);
  if (outside !== null) return outside && { from: null, imported: outside };
  if (context.active.has(declared)) {
    context.sink.report(definedByItself, at(scope, relation.target.span), { name: declared.name });
    return undefined;
  }
  const found = lookup(relation.target, { what: "declaration", kinds: ["pretrain", "finetune"] }, scope, context);
  if (found?.kind !== "declaration") return undefined;
  const since = context.sink.errors;
  const matched = argumentsOf(relation.arguments ?? [], [{ name: "checkpoint", positional: false }], found.declared.name, scope, context);
  const given = overridden(matched, overrides, ["checkpoint"], found.declared.name, () => null, context);
  const checkpoint = checkpointOf(given?.checkpoint ? evaluate(given.checkpoint, checkpointType, context) : null);
  if (context.sink.errors !== since) return undefined;
  context.active.add(declared);
  const run = checkRun(found.declared, context);
  context.active.delete(declared);
  return run ? { from: { run, checkpoint }, imported: null } : undefined;
}
