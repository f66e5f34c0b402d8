// The task of a `finetune`: its columns in the data, its classes and metrics, and how it lies on an architecture.

import { missingToken } from "../../../grammar/diagnostics/PT5003-missing-token.ts";
import { missingHead } from "../../../grammar/diagnostics/PT5004-missing-head.ts";
import { otherArchitectureNeeded } from "../../../grammar/diagnostics/PT5012-other-architecture-needed.ts";
import { noRoom } from "../../../grammar/diagnostics/PT5018-no-room.ts";
import { untemplatedMessages } from "../../../grammar/diagnostics/PT5122-untemplated-messages.ts";
import { noSuchColumn } from "../../../grammar/diagnostics/PT5060-no-such-column.ts";
import { otherColumn } from "../../../grammar/diagnostics/PT5061-other-column.ts";
import { oneClass } from "../../../grammar/diagnostics/PT5062-one-class.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import type { Field, FieldType } from "../../../grammar/fields.ts";
import { placeholderIds, placeholdersOf } from "../../adapt.ts";
import type { Architecture, Stack } from "../../architecture.ts";
import type { PlanChat } from "../../chat.ts";
import { streamInput } from "../../architecture.ts";
import { streamsOf, type Layout, type LayoutLoss } from "../../layout.ts";
import type { PlanEntry, PlanObjective, PlanStream } from "../../objectives/plan.ts";
import type { Call, PlanSource } from "../../plan/schema.ts";
import { columnsOfSource, leavesOfSource, namesOfSource } from "../../plan/source.ts";
import { holesOf } from "../../template.ts";
import { resolvedText, valueText } from "../../value-text.ts";
import type { Context } from "./context.ts";
import { startOf, type LaidOut, type Subject } from "./layout.ts";
import { sourceOf } from "./sources.ts";
import { chatOf, checkHoles } from "./templates.ts";
import { plain, type CallValue, type Value } from "./values.ts";
import type { TaskFacts, Word } from "./vocabulary.ts";

export interface Task {
  /** What its data is called, else its word. */
  readonly name: string;
  readonly weight: number;
  readonly facts: Word & TaskFacts;
  readonly call: Call;
  /** As text of the language. */
  readonly text: string;
  readonly place: Place;
  /** What its parameters read. */
  readonly columns: readonly Named[];
  /** Texts of an example: 2 for pairs. */
  readonly texts: number;
  /** The column that it reads instead, of images; null for texts. */
  readonly image: string | null;
  /** In the order of their ids; null where the task has none. `assumed`: nothing has told them yet. */
  readonly classes: { readonly column: string; readonly labels: readonly string[]; readonly assumed: boolean } | null;
  /** What it is trained on: its own data, else that of the run. */
  readonly data: PlanSource;
  /** What it says itself that it is measured on. */
  readonly heldOut: PlanSource | null;
  /** How it writes when it is measured. */
  readonly decode: CallValue | null;
  /** What it asks and answers in words: a prompt's texts, and the words around messages. */
  readonly prompt: (Value & { readonly kind: "prompt" }) | null;
  readonly chat: PlanChat | null;
  /** What metrics are computed from, of its predictions. */
  readonly gives: readonly string[];
}

/** As many classes are assumed where neither the spec nor a file has told them. */
const assumedClasses = 2;

/** The task against its data, its own or `whole`, the run's; null after a report. */
export function taskOf(value: CallValue, whole: PlanSource | null, runPlace: Place, context: Context): Task | null {
  const facts = context.catalog.tasks[value.word];
  const place = value.origin.place ?? runPlace;
  const before = context.sink.errors;
  const given = value.arguments.data;
  const data = given?.kind === "data" ? sourceOf(given.declared, given.part, context) : whole;
  if (!data || context.sink.errors !== before) return null;
  const named = columnsOf(value, facts);
  for (const column of named) checkColumn(column, facts, data, place, context);
  if (context.sink.errors !== before) return null;
  const [first] = named.filter(({ parameter }) => facts.texts.includes(parameter));
  const image = first && isImage(first.column, data) ? first.column : null;
  // All sources have what the first one has, images or texts.
  const columns = named.map((column) => ({ ...column, types: column.types.filter((type) => !facts.texts.includes(column.parameter) || (type === "image") === (image !== null)) }));
  for (const column of columns) checkColumn(column, facts, data, place, context);
  const measured = value.arguments.held_out;
  const heldOut = measured?.kind === "data" ? sourceOf(measured.declared, measured.part, context) : null;
  const prompt = value.arguments.prompt?.kind === "prompt" ? value.arguments.prompt : null;
  const name = given?.kind === "data" ? given.declared.name : null;
  if (prompt) for (const side of [prompt.inputs, prompt.targets]) checkHoles(side, columnsOfSource(data), name ?? "the run's data", context);
  const template = value.arguments.template;
  const chat = template?.kind === "declaration" ? chatOf(template.declared, context) : null;
  const conversation = columns.find(({ column }) => columnsOfSource(data)[column]?.type === "messages");
  if (conversation && !template) context.sink.report(untemplatedMessages, conversation.place ?? place, { task: value.word, column: conversation.column });
  if (context.sink.errors !== before) return null;
  const classes = facts.width === "classes" ? classesOf(columns.find(({ parameter }) => parameter === facts.answers)!.column, data, context) : null;
  if (classes && !classes.assumed && classes.labels.length < 2) {
    context.sink.report(oneClass, place, { task: value.word, column: classes.column, labels: classes.labels });
    return null;
  }
  const { data: _, held_out: __, template: ___, ...rest } = (plain(value) as Call).arguments;
  const call: Call = { word: value.word, arguments: { ...rest, ...(chat ? { template: chat } : {}) } };
  const task: Task = { name: name ?? value.word, weight: 1, facts, call, text: prompt || chat || value.arguments.data ? valueText(value) : resolvedText(plain(value)), place, columns, texts: image === null ? columns.filter(({ parameter }) => facts.texts.includes(parameter)).length : 0, image, classes, data, heldOut, decode: value.arguments.decode?.kind === "call" ? value.arguments.decode : null, prompt, chat, gives: kindsOf(facts, prompt, data) };
  if (heldOut) checkColumns(task, heldOut, measured!.origin.place ?? place, context);
  return context.sink.errors === before ? task : null;
}

/** What is written is text; where it is one column of labels or numbers it is one of those too. */
function kindsOf(facts: TaskFacts, prompt: Task["prompt"], data: PlanSource): string[] {
  const [hole, ...more] = prompt ? holesOf(prompt.targets.template) : [];
  const type = hole !== undefined && !more.length ? columnsOfSource(data)[hole]?.type : undefined;
  return [facts.gives, ...(type === "class" ? ["labels"] : type === "number" ? ["numbers"] : [])];
}

/** A column that a parameter of a task names, and the types that it may have. */
interface Named { readonly parameter: string; readonly column: string; readonly types: readonly string[]; readonly place: Place | null }

function columnsOf({ arguments: args }: Value & { kind: "call" }, { parameters }: Word): Named[] {
  return Object.entries(args).flatMap(([parameter, value]): Named[] => {
    const types = typesOf(parameters[parameter], value.kind === "list");
    if (!types) return [];
    const items = value.kind === "list" ? value.items : [value];
    return items.flatMap((item) => (item.kind === "choice" ? [{ parameter, column: item.word, types, place: item.origin.place }] : []));
  });
}

/** Types of the columns that a parameter takes: one by itself, or those of a list; null where it takes none. */
function typesOf({ type }: Field, list: boolean): readonly string[] | null {
  const find = (one: FieldType): readonly string[] | null => (one.type === "column" ? (list ? null : one.types) : one.type === "list" ? (list && one.of.type === "column" ? one.of.types : null) : one.type === "any" ? (one.of.map(find).find((found) => found !== null) ?? null) : null);
  return find(type);
}

function isImage(column: string, data: PlanSource): boolean {
  const [leaf] = leavesOfSource(data);
  return leaf.kind === "files" && leaf.columns[column]?.image !== undefined;
}

/** Held-out data has the task's columns too. */
export function checkColumns({ facts, columns, prompt }: Task, data: PlanSource, place: Place, context: Context): void {
  const known = columnsOfSource(data);
  for (const hole of prompt ? [...holesOf(prompt.inputs.template), ...holesOf(prompt.targets.template)] : []) {
    if (!Object.hasOwn(known, hole)) context.sink.report(noSuchColumn, place, { column: hole, source: namesOfSource(data).join(", "), known: Object.keys(known), suggestion: didYouMean(hole, Object.keys(known)) });
  }
  for (const column of columns) checkColumn({ ...column, place: null }, facts, data, place, context);
}

function checkColumn({ parameter, column, types, place: own }: Named, facts: Word, data: PlanSource, place: Place, { sink }: Context): void {
  for (const leaf of leavesOfSource(data)) {
    const columns: Readonly<Record<string, { readonly type: string }>> = leaf.kind === "files" ? (Object.keys(leaf.columns).length ? leaf.columns : { text: { type: "string" } }) : {};
    const source = leaf.kind === "files" ? leaf.files.join(", ") : leaf.generator.word;
    if (!Object.hasOwn(columns, column)) {
      const known = Object.keys(columns);
      sink.report(noSuchColumn, own ?? place, { column, source, known, suggestion: didYouMean(column, known) });
    } else if (!types.includes(columns[column].type)) sink.report(otherColumn, own ?? place, { task: facts.word, parameter, column, type: columns[column].type, types });
  }
}

/** Of all files together, whatever the part: ids do not depend on how examples are dealt out. */
function classesOf(column: string, data: PlanSource, { host }: Context): Task["classes"] {
  const named = leavesOfSource(data).map((leaf) => (leaf.kind === "files" ? leaf.columns[column].labels : null));
  const known = named.every((labels) => labels !== null) ? [...new Set(named.flatMap((labels) => labels!))] : host.labels?.(data, column);
  return known ? { column, labels: known, assumed: false } : { column, labels: Array.from({ length: assumedClasses }, (_, i) => String(i)), assumed: true };
}

/** The data with the classes that were found, so that plan and ids are fixed. */
export function withLabels(data: PlanSource, classes: Task["classes"]): PlanSource {
  if (!classes || classes.assumed) return data;
  const leaf = <S extends PlanSource>(source: S): S => (source.kind === "files" && source.columns[classes.column] ? { ...source, columns: { ...source.columns, [classes.column]: { ...source.columns[classes.column], labels: classes.labels } } } : source);
  return data.kind === "mixture" ? { ...data, entries: data.entries.map((entry) => ({ ...entry, source: leaf(entry.source) })) } : leaf(data);
}

/** How many features its head gives. */
export function widthOf({ facts, classes }: Pick<Task, "facts" | "classes">): number {
  return typeof facts.width === "number" ? facts.width : (classes?.labels.length ?? 0);
}

/** The task on an architecture: the text in the inputs, beside an encoder once more, shifted, in the decoder (Lewis et al. 2020, BART, section 3). Null after a report. */
export function layOutTask(task: Task, { examples, adapt }: { readonly examples: number | null; readonly adapt: Call | null }, subject: Subject, context: Context): LaidOut | null {
  const { architecture, model, length, place } = subject;
  const before = context.sink.errors;
  const { inputs, targets } = streamsOf(architecture);
  const { text } = task;
  if (refuseStacks(architecture, text, place, context)) return null;
  const head = architecture.heads.find((candidate) => candidate.name === task.facts.head);
  if (!head) {
    context.sink.report(missingHead, place, { head: task.facts.head, model, objective: text, classes: true });
    return null;
  }
  if (targets && head.stack !== targets) context.sink.report(otherArchitectureNeeded, place, { objective: text, architecture: "an encoder-decoder", why: `the head \`${head.name}\` reads \`${head.stack.path}\`, and the whole text has passed only through \`${targets.path}\``, instead: `let it read \`${targets.path}\`` });
  const frame = frameOf(task, inputs, targets !== null, subject, context);
  const placeholders = placeholdersOf(architecture, adapt);
  const raw = length - (placeholders?.length ?? 0) - frame.before.length - frame.after.length - (task.texts - 1) * frame.between.length;
  if (raw < task.texts) context.sink.report(noRoom, place, { objective: text, length });
  if (context.sink.errors !== before) return null;
  const lengths: Layout["lengths"] = Object.fromEntries(architecture.stacks.map((stack) => [stack.path, length]));
  const kind = task.facts.loss;
  if (kind === "tokens" || kind === "preference") throw new Error("what writes texts is laid out apart (text-tasks.ts)");
  const entry: PlanEntry = {
    name: task.call.word, share: 1, layout: targets ? "two_stacks" : "in_place", frame, pair: null, task: { call: task.call, examples }, stages: [],
    terms: [{ head: head.name, target: kind, weight: 1 }], lengths: { raw, inputs: length, targets: kind === "tags" ? raw : kind === "span" ? 2 : 1 },
  };
  const losses: LayoutLoss[] = [{ head, weight: 1, kind, places: null }];
  const stream = (stack: Stack): PlanStream => ({ prefix: streamInput(architecture, stack, ""), length, placeholders: placeholders?.stack === stack.path ? placeholderIds(placeholders, subject.tokenizer.vocab) : [], segments: stack.embed.some((instance) => instance.definition.word === "segments") });
  const objective: PlanObjective = {
    text, entries: [entry], losses: losses.map(({ head: { name }, ...loss }) => ({ ...loss, head: name })), lessons: [],
    streams: { inputs: stream(inputs), targets: targets && { ...stream(targets), start: startOf(targets, subject, context) }, images: null }, prefix: false,
  };
  if (context.sink.errors !== before) return null;
  return { objective, layout: { lengths, documents: false, prefix: false, losses, lessons: [] }, heads: [head] };
}

/** Whether there are stacks that nothing fills: reported. */
export function refuseStacks(architecture: Architecture, objective: string, place: Place, { sink }: Context): boolean {
  if (architecture.stacks.every((stack) => stack.reads === "tokens") && architecture.stacks.length <= (streamsOf(architecture).targets ? 2 : 1)) return false;
  sink.report(otherArchitectureNeeded, place, { objective, architecture: `a model of the stacks ${architecture.stacks.map((stack) => `\`${stack.path}\``).join(", ")}`, why: "the task fills one stack of texts, or an encoder and the decoder that reads it", instead: "use a model of texts" });
  return true;
}

/** `<cls> … <sep> … <sep>`; of decoders `<bos> … <eos>`, as far as the tokenizer has them. */
function frameOf({ facts, texts, call }: Task, inputs: Stack, twoStacks: boolean, { tokenizer, tokenizerName, place }: Subject, { sink }: Context): PlanEntry["frame"] {
  const has = (name: string): boolean => tokenizer.special.some((special) => special.name === name);
  const first = (...names: string[]): string[] => names.filter(has).slice(0, 1);
  const need = (found: string[], name: string, why: string): string[] => {
    if (!found.length) sink.report(missingToken, place, { token: name, tokenizer: tokenizerName, why });
    return found;
  };
  const encoder = inputs.word === "encoder" && !twoStacks;
  const [open, close] = encoder ? [["cls", "bos"], ["sep", "eos"]] : [["bos", "cls"], ["eos", "sep"]];
  // An encoder's class is read at the first position, and an answer that is not there is said to begin at it.
  const before = encoder && facts.loss !== "tags" ? need(first(...open), open[0], `stands before the text of \`${call.word}\``) : first(...open);
  const between = texts > 1 ? need(first(...close), close[0], `stands between the texts of \`${call.word}\``) : [];
  // Beside an encoder a class is read where the text has ended.
  const after = twoStacks && (facts.loss === "class" || facts.loss === "number") ? need(first(...close), close[0], `ends the text of \`${call.word}\``) : first(...close);
  return { before, between, after, close: [] };
}
