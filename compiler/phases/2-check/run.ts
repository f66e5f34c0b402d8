// A `pretrain` declaration as a RunSpec: its fields, its model for its tokenizer, and all of it against each other.

import { pretrain } from "../../../grammar/blocks/pretrain.ts";
import { conflictingFields } from "../../../grammar/diagnostics/PT3015-conflicting-fields.ts";
import { conflictingArguments } from "../../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
import { lengthUnknown } from "../../../grammar/diagnostics/PT5008-length-unknown.ts";
import { missingToken } from "../../../grammar/diagnostics/PT5003-missing-token.ts";
import { misplacedMetric } from "../../../grammar/diagnostics/PT5030-misplaced-metric.ts";
import { smallBatch } from "../../../grammar/diagnostics/PT5007-small-batch.ts";
import { instancesOf, weightsOf, type Architecture, type Head } from "../../architecture.ts";
import { optimizerOf } from "../../graphs.ts";
import type { Call, Plan, PlanTokenizer } from "../../plan/schema.ts";
import type { RunSpec } from "../../run-spec.ts";
import type { Declared, Origin, Scope, Thunk } from "../1-resolve/program.ts";
import { checkpointOf, checkpointType } from "../../objectives/combinators.ts";
import { distinctNames } from "../../objectives/tree.ts";
import { fraction } from "../../../grammar/diagnostics/PT3012-fraction.ts";
import { otherArchitecture } from "../../../grammar/diagnostics/PT5011-other-architecture.ts";
import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import { argumentsOf } from "./calls.ts";
import { at, silent, type Context } from "./context.ts";
import { entriesOf, evaluateData } from "./data.ts";
import { evaluate } from "./evaluate.ts";
import { lookup } from "./names.ts";
import { crossCheck } from "./cross-check.ts";
import { checkFields } from "./fields.ts";
import { instantiate } from "./model.ts";
import { checkIds, idsTokenizer, needText, sourceOf, specialId, tokenizerOf, whereOf } from "./sources.ts";
import { layOutTaught } from "./teachers.ts";
import { plain, plainAll, type Value, type Values } from "./values.ts";

/** Null after a report. Each declaration is checked once, however many runs start from it. */
export function checkRun(declared: Declared, context: Context): RunSpec | null {
  const known = context.runs.get(declared) as RunSpec | null | undefined;
  if (known !== undefined) return known;
  const run = checkOnce(declared, context);
  context.runs.set(declared, run);
  return run;
}

function checkOnce(declared: Declared, context: Context): RunSpec | null {
  const before = context.sink.errors;
  const where = whereOf(declared, {}, context);
  if (!where) return null;
  const from = startOf(declared, context);
  if (from === undefined) return null;
  const fields = fieldsWithInherited(declared, from);
  const drawn = !fields.has("tokenizer") && isSynthetic(fields.get("data")?.thunk, where.inner, context);
  const values = checkFields(fields, pretrain.fields, where, context, ["length", ...(drawn ? ["tokenizer"] : [])]);
  const tokenizerDeclared = values.tokenizer?.kind === "declaration" ? values.tokenizer.declared : null;
  const data = values.data?.kind === "data" ? sourceOf(values.data.declared, values.data.part, context) : null;
  const tokenizer = tokenizerDeclared ? tokenizerOf(tokenizerDeclared, context) : drawn && data ? idsTokenizer(data, context) : null;
  const evaluation = evaluationOf(values.evaluate, context);
  const model = values.model?.kind === "declaration" ? values.model : null;
  if (!model || !tokenizer) return null;
  const tokenizerName = tokenizerDeclared?.name ?? "ids";
  const dataPlace = values.data?.origin.place ?? declared.place;
  if (data) needText(data, dataPlace, context);
  for (const source of [data, evaluation?.data]) if (source) checkIds(source, tokenizer, tokenizerName, dataPlace, context);
  const architecture = instantiate(model.declared, model.arguments, {
    place: model.origin.place ?? declared.place,
    vocab: { value: tokenizer.vocab, origin: { how: "tokenizer", place: tokenizerDeclared?.place ?? dataPlace, note: tokenizerDeclared ? `the size of \`${tokenizerName}\`` : "the number of ids of the data" } },
    tokenId: (name, place) => {
      const id = specialId(tokenizer, name, context);
      if (id === null) context.sink.report(missingToken, place, { token: name, tokenizer: tokenizerName, why: "the model names" });
      return id;
    },
  }, context);
  if (!architecture || !data || declared.incomplete || context.sink.errors !== before) return null;

  const context_ = architecture.parameters.context;
  const length = values.length ? (plain(values.length) as number) : typeof context_ === "number" ? context_ : null;
  if (length === null) {
    context.sink.report(lengthUnknown, declared.place, {});
    return null;
  }
  const batch = batchOf(values.batch, length, context);
  const pack = plain(values.pack) as boolean;
  const tree = values.objective?.kind === "objective" ? values.objective.objective : null;
  const laidOut = tree && layOutTaught(distinctNames(tree), { architecture, model: model.declared.name, tokenizer, tokenizerName, length, data, pack, place: values.objective.origin.place ?? declared.place }, declared, (teacher) => checkRun(teacher, context), context);
  if (batch === null || !laidOut) return null;
  const { heads } = laidOut;
  const run: RunSpec = {
    name: declared.name,
    kind: "pretrain",
    declared,
    from,
    teachers: laidOut.teachers,
    place: declared.place,
    values,
    architecture,
    heads,
    tokenizer,
    tokenizerDeclared,
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
    evaluation,
    checkpoints: checkpointsOf(values.checkpoint),
    samples: samplesOf(values.sample, { tokenizer, name: tokenizerName }, context),
    seed: plain(values.seed) as number,
  };
  const problem = optimizerOf(run).definition.problem?.(run.optimizer.arguments);
  if (problem) context.sink.report(conflictingArguments, values.optimizer.origin.place ?? declared.place, { word: run.optimizer.word, problem });
  if (from) compareArchitectures(run, from.run, context);
  checkScores(values.evaluate, run, context);
  crossCheck(run, context);
  return context.sink.errors === before ? run : null;
}

/** Whether a run's data is drawn, all of it. */
function isSynthetic(thunk: Thunk | undefined, inner: (file: Scope) => Scope, context: Context): boolean {
  const quiet = silent(context);
  const value = thunk && evaluateData(thunk.expression, { ...thunk, scope: inner(thunk.scope) }, quiet);
  const entries = value ? entriesOf(value.declared, value.part, quiet) : null;
  return entries?.every((entry) => entry.declared.fields.has("synthetic")) ?? false;
}

/** A run starts from the weights of the same stacks; only heads may be new. */
function compareArchitectures(run: RunSpec, from: RunSpec, context: Context): void {
  const shapes = (architecture: Architecture): Map<string, string> => new Map([...weightsOf(instancesOf(architecture, []))].map(({ name, spec }) => [name, `[${spec.shape.join(", ")}]`]));
  const [ours, theirs] = [shapes(run.architecture), shapes(from.architecture)];
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].find((name) => ours.get(name) !== theirs.get(name));
  if (differing) context.sink.report(otherArchitecture, run.values.model.origin.place ?? run.place, { run: run.name, from: from.name, weight: differing, ours: ours.get(differing) ?? null, theirs: theirs.get(differing) ?? null });
}

/** What a run that starts from another takes over unless it says otherwise. */
const inherited = ["model", "tokenizer", "length", "precision", "seed"];

/** The fields of a run, with those that it takes over from the run it starts from. */
export function fieldsWithInherited(declared: Declared, from: RunSpec["from"]): Declared["fields"] {
  const fields = new Map(declared.fields);
  for (let run: RunSpec | null = from?.run ?? null; run; run = run.from?.run ?? null) {
    for (const name of inherited) {
      const entry = run.declared.fields.get(name);
      const origin: Origin | undefined = entry && { how: "inherited", place: entry.origin.place, note: `from \`${run.name}\``, history: entry.origin };
      if (entry && !fields.has(name)) fields.set(name, { ...entry, origin: origin!, ...(entry.thunk ? { thunk: { ...entry.thunk, origin: origin! } } : {}) });
    }
  }
  return fields;
}

/** The run after `from`, checked; null when there is none, undefined after a report. */
function startOf(declared: Declared, context: Context): RunSpec["from"] | undefined {
  const relation = declared.node.relations.find((candidate) => candidate.word === "from");
  if (!relation) return null;
  const { scope } = declared;
  if (context.active.has(declared)) {
    context.sink.report(definedByItself, at(scope, relation.target.span), { name: declared.name });
    return undefined;
  }
  const found = lookup(relation.target, { what: "declaration", kinds: ["pretrain"] }, scope, context);
  if (found?.kind !== "declaration") return undefined;
  const since = context.sink.errors;
  const given = argumentsOf(relation.arguments ?? [], [{ name: "checkpoint", positional: false }], found.declared.name, scope, context);
  const checkpoint = checkpointOf(given.checkpoint ? evaluate(given.checkpoint, checkpointType, context) : null);
  if (context.sink.errors !== since) return undefined;
  context.active.add(declared);
  const run = checkRun(found.declared, context);
  context.active.delete(declared);
  return run ? { run, checkpoint } : undefined;
}

/** Distinct scalars of the stacks and of these heads. */
export function countOf(architecture: Architecture, heads: readonly Head[]): number {
  let total = 0;
  for (const { spec } of weightsOf(instancesOf(architecture, heads))) if (!spec.buffer) total += spec.shape.reduce((product, n) => product * n, 1);
  return total;
}

function batchOf(value: Value, length: number, context: Context): number | null {
  if (value.kind !== "number") return null;
  if (value.unit === "examples" && Number.isInteger(value.value)) return value.value;
  if (value.unit === "examples") {
    context.sink.report(fraction, value.origin.place!, { value: value.value, text: `${value.value} examples` });
    return null;
  }
  if (value.value % length === 0) return value.value / length;
  context.sink.report(smallBatch, value.origin.place!, { tokens: value.value, length });
  return null;
}

/** Steps round up, so that at least what was asked for is trained on; epochs need the data's size and are left to the runtime. */
function horizonOf(value: Value, batch: number, length: number, parameters: number): Plan["horizon"] {
  if (value.kind !== "number") throw new Error("`train` is a quantity");
  const perStep = batch * length;
  const inTokens = (tokens: number) => ({ steps: Math.ceil(tokens / perStep), epochs: null, tokens });
  switch (value.unit) {
    case "steps":
      return { steps: Math.ceil(value.value), epochs: null, tokens: Math.ceil(value.value) * perStep };
    case "tokens":
      return inTokens(value.value);
    case "tokens_per_parameter":
      return inTokens(value.value * parameters);
    case "examples":
      return { steps: Math.ceil(value.value / batch), epochs: null, tokens: Math.ceil(value.value / batch) * perStep };
    default:
      return { steps: null, epochs: value.value, tokens: null };
  }
}

function fieldsOf(value: Value | undefined): Values | null {
  return value?.kind === "section" ? value.fields : null;
}

const numberOr = <T>(value: Value | undefined, otherwise: T): number | T => (value?.kind === "number" ? value.value : otherwise);

function evaluationOf(value: Value | undefined, context: Context): Plan["evaluation"] {
  const fields = fieldsOf(value);
  if (fields?.data?.kind !== "data") return null;
  const data = sourceOf(fields.data.declared, fields.data.part, context);
  const metrics = fields.metrics?.kind === "list" ? fields.metrics.items.flatMap((item) => metricOf(item, context)) : [];
  if (data) needText(data, fields.data.origin.place ?? value!.origin.place!, context);
  return data && { every: numberOr(fields.every, null), data, metrics };
}

/** What a metric of token losses, or of scores, is called; or a report. */
function metricOf(item: Value, { catalog, sink }: Context): string[] {
  if (item.kind !== "call") return [];
  const { from, named } = catalog.metrics[item.word];
  if (from === "scores") return [named?.(plainAll(item.arguments) as Call["arguments"]) ?? item.word];
  if (from !== "losses" && item.origin.place) sink.report(misplacedMetric, item.origin.place, { metric: item.word, from, known: Object.values(catalog.metrics).filter((one) => one.from === "losses").map((one) => one.word) });
  return [item.word];
}

/** Scores are what a comparison gives. */
function checkScores(value: Value | undefined, { layout }: RunSpec, { catalog, sink }: Context): void {
  const metrics = fieldsOf(value)?.metrics;
  if (metrics?.kind !== "list" || layout.losses.some(({ kind }) => kind === "contrastive")) return;
  for (const item of metrics.items) {
    if (item.kind !== "call" || catalog.metrics[item.word].from !== "scores" || !item.origin.place) continue;
    sink.report(misplacedMetric, item.origin.place, { metric: item.word, from: "scores", known: Object.values(catalog.metrics).filter((one) => one.from === "losses").map((one) => one.word) });
  }
}

function checkpointsOf(value: Value | undefined): Plan["checkpoints"] {
  const fields = fieldsOf(value) ?? {};
  const every = fields.every?.kind === "number" ? { value: fields.every.value, unit: fields.every.unit ?? "steps" } : null;
  return { every, keep: numberOr(fields.keep, 3) };
}

function samplesOf(value: Value | undefined, { tokenizer, name }: { readonly tokenizer: PlanTokenizer; readonly name: string }, context: Context): Plan["samples"] {
  const { catalog, sink } = context;
  const fields = fieldsOf(value);
  if (!fields) return null;
  const filters = ["temperature", "top_k", "top_p"];
  const given = filters.filter((name) => fields[name] !== undefined);
  const place = fields.decode?.origin.place;
  if (place && given.length) sink.report(conflictingFields, place, { group: ["decode", ...filters], given: ["decode", ...given], where: "`sample`" });
  // Without `decode` the fields are the arguments of the word `sample`.
  const called: Call = fields.decode ? (plain(fields.decode) as Call) : { word: "sample", arguments: Object.fromEntries(given.map((field) => [field, plain(fields[field])])) };
  const end = fields.decode?.kind === "call" ? fields.decode.arguments.end : undefined;
  const id = end?.kind === "token" ? specialId(tokenizer, end.name, context) : null;
  if (end?.kind === "token" && id === null) sink.report(missingToken, end.origin.place ?? place!, { token: end.name, tokenizer: name, why: "ends the samples" });
  const decode: Call = id === null ? called : { ...called, arguments: { ...called.arguments, end: id } };
  const problem = Object.hasOwn(catalog.decodings, decode.word) ? catalog.decodings[decode.word].problem?.(decode.arguments) : null;
  if (place && problem) sink.report(conflictingArguments, place, { word: decode.word, problem });
  return { every: numberOr(fields.every, 1), prompt: fields.prompt?.kind === "text" ? fields.prompt.value : "", tokens: numberOr(fields.tokens, 60), decode };
}
