// The examples of a task: rows of a table, each with right answers, as the inputs and targets of one head.

import { join } from "node:path";
import { readsImages, type PlanEntry, type PlanImages, type PlanObjective, type PlanTask } from "../../compiler/objectives/plan.ts";
import type { Call, PlanFiles, PlanSynthetic } from "../../compiler/plan/schema.ts";
import { columnsOfSource } from "../../compiler/plan/source.ts";
import { holesOf, readTemplate, type PlanPrompt } from "../../compiler/template.ts";
import type { Kind } from "../metrics/define.ts";
import { malformedRows } from "../../grammar/diagnostics/PT7050-malformed-rows.ts";
import { rowsLeftOut } from "../../grammar/diagnostics/PT7055-rows-left-out.ts";
import { textsCut } from "../../grammar/diagnostics/PT7061-texts-cut.ts";
import { unknownLabel } from "../../grammar/diagnostics/PT7060-unknown-label.ts";
import type { Diagnostic, DiagnosticRecord } from "../../grammar/diagnostics/define.ts";
import { fileDiagnostic, UserError } from "../files/user-error.ts";
import { makeFolder } from "../files/write.ts";
import type { Image } from "../columns/define.ts";
import type { TokenFacts } from "../objectives/corrupt.ts";
import type { Given, Question, TaskDefinition, TaskExample, TaskShape, TaskValues } from "../tasks/define.ts";
import { tasks as knownTasks } from "../tasks/index.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import { rowsOf, type DocumentOptions, type SourceSummary } from "./documents.ts";
import { pixelsOf } from "./images.ts";
import { labelsIn } from "./labels.ts";
import { numbersInMemory, temporaryNumbers } from "./numbers.ts";
import { fittedPictures } from "./pictures.ts";
import type { Row } from "./rows.ts";
import { permutation } from "./shuffle.ts";

export interface TaskOptions extends DocumentOptions {
  readonly objective: PlanObjective;
  readonly seed: number;
  /** Rows are kept for predictions, and a label that is no class is an error. */
  readonly heldOut?: boolean;
  /** Folder where images are kept while they are used; without it they stay in memory. */
  readonly cache?: string;
}

/** How often a class occurs, and where first. */
export interface ClassCount { readonly label: string; readonly count: number; readonly first: string | null }

/** What one example of held-out data asks, for its prediction. */
export interface Asked {
  readonly head: string;
  /** The same for all examples of a row, which stand together. */
  readonly row: object;
  /** What the prediction is, and what else it can be scored as. */
  readonly kinds: readonly Kind[];
  /** From what the head gave for each example of the row; null where the prediction is what the model writes. */
  readonly predict: ((outputs: readonly Float32Array[]) => Given) | null;
  readonly question: (Question & { readonly decode: Call }) | null;
  readonly reference: Given;
}

export interface TaskSource {
  readonly examples: readonly TaskExample[];
  /** Bytes [C, H, W] of the image of an example; null where there are texts. */
  readonly imageOf: (number: number) => ArrayLike<number> | null;
  /** Rows with an answer that they are made of. */
  readonly answers: number;
  readonly summary: SourceSummary;
  /** By column; empty where the task has no classes. */
  readonly classes: { readonly [column: string]: readonly ClassCount[] };
  /** Of an example of held-out data. */
  readonly asked: (number: number) => Asked;
}

/** An answer that is taken from a row, with the examples that it makes. */
interface Item { readonly row: Row; readonly values: TaskValues; readonly first: number; readonly count: number; /** Number of its image. */ readonly image: number }

export function taskNamed(word: string): TaskDefinition {
  const known: Readonly<Record<string, TaskDefinition>> = knownTasks;
  if (!Object.hasOwn(known, word)) throw new Error(`no task \`${word}\``);
  return known[word];
}

/** Reads and encodes all rows of the part. Throws UserError. */
export async function openTask(entry: PlanEntry & { readonly task: PlanTask }, source: PlanFiles | PlanSynthetic, tokenizer: Tokenizer, facts: TokenFacts, options: TaskOptions): Promise<TaskSource> {
  if (source.kind !== "files") throw new Error("a task reads files");
  const definition = taskNamed(entry.task.call.word);
  const columns = columnsOf(entry.task, definition);
  const labelled = definition.width === "classes" ? columns[definition.answers!][0] : null;
  const classes = labelled === null ? [] : (source.columns[labelled].labels ?? []);
  if (labelled !== null && classes.length === 0) throw new Error(`the plan has no classes of \`${labelled}\``);
  const ids = (names: readonly string[]): number[] => names.map(facts.idOf);
  const { before, between, after, close } = entry.frame;
  const { inputs, targets, images } = options.objective.streams;
  const shape: TaskShape = {
    tokenizer, frame: { before: ids(before), between: ids(between), after: ids(after), close: ids(close) }, room: entry.lengths.raw, targets: entry.lengths.targets, together: targets === null,
    columns: columnsOfSource(source), classes, arguments: entry.task.call.arguments, image: readsImages(options.objective.streams),
  };
  const kinds = kindsOf(entry.task, definition, source);
  const ofText = textOnly(definition, targets ? 0 : inputs.placeholders.length, (targets ?? inputs).length, classes.length);
  const kept = shape.image ? keptImages(images!, options) : null;
  const read = await readRows(entry.task, withoutLabels(source, options.heldOut ? labelled : null), kept, options);
  const pictures = kept?.finish();

  const counts = new Map(classes.map((label) => [label, { label, count: 0, first: null as string | null }]));
  const examples: TaskExample[] = [];
  const items: Item[] = [];
  const itemOf: number[] = [];
  const left: { readonly row: Row; readonly problem: string }[] = [];
  for (const row of read.rows) {
    options.signal?.throwIfAborted();
    if (labelled !== null) checkLabels(row, labelled, classes);
    const values: TaskValues = Object.fromEntries(Object.entries(columns).map(([parameter, names]) => [parameter, names.map((name) => row.values[name])]));
    const made = definition.examples(values, shape);
    if ("problem" in made) {
      left.push({ row, problem: made.problem });
      continue;
    }
    if (labelled !== null) for (const label of new Set(labelsIn(row.values[labelled]))) {
      const count = counts.get(label)!;
      count.count++;
      count.first ??= `${row.file}:${row.line}`;
    }
    for (const _ of made) itemOf.push(items.length);
    items.push({ row, values: options.heldOut ? values : {}, first: examples.length, count: made.length, image: shape.image ? (row.values[images!.column] as number) : 0 });
    examples.push(...made);
  }
  reportLeft(left, read.rows.length, entry, source, options);
  reportCut(examples, entry, source, options);
  return {
    examples,
    imageOf: (number) => pictures?.(items[itemOf[number]].image) ?? null,
    answers: items.length,
    summary: read.summary,
    classes: labelled === null ? {} : { [labelled]: [...counts.values()] },
    asked(number) {
      const item = items[itemOf[number]];
      const own = examples.slice(item.first, item.first + item.count);
      const asked = definition.question?.(item.values, shape);
      return {
        head: entry.terms[0].head, row: item, kinds,
        predict: definition.predict ? (outputs) => definition.predict!(outputs.map(ofText), own, item.values, shape) : null,
        question: asked ? { ...asked, prompt: [...inputs.placeholders, ...asked.prompt], decode: entry.task.call.arguments.decode as Call } : null,
        reference: definition.reference(item.values, shape),
      };
    },
  };
}

/** What a head gives for the places of the text, without those of placeholders before it. */
function textOnly({ loss }: TaskDefinition, shift: number, length: number, classes: number): (output: Float32Array) => Float32Array {
  if (shift === 0 || loss === "class" || loss === "number" || loss === "preference" || loss === "tokens") return (output) => output;
  if (loss === "tags") return (output) => output.subarray(shift * classes);
  return (output) => Float32Array.of(...output.subarray(shift, length), ...output.subarray(length + shift));
}

/** Names of columns by the parameters of the task; those of a prompt by themselves. */
export function columnsOf({ call }: Pick<PlanTask, "call">, { texts, answers, parameters }: Pick<TaskDefinition, "texts" | "answers" | "parameters">): { readonly [parameter: string]: readonly string[] } {
  const named = [...texts, ...(answers === null ? [] : [answers])].map((parameter): [string, readonly string[]] => {
    const given = call.arguments[parameter];
    return [parameter, Array.isArray(given) ? (given as string[]) : [given as string]];
  });
  const prompts = Object.entries(parameters).flatMap(([parameter, { type }]) => (type.type === "prompt" ? [call.arguments[parameter] as unknown as PlanPrompt] : []));
  const holes = prompts.flatMap(({ inputs, targets }) => [inputs, targets].flatMap((text) => holesOf(readTemplate(text))));
  return Object.fromEntries([...named, ...holes.map((hole): [string, readonly string[]] => [hole, [hole]])]);
}

/** What is written is text; where it is one column of labels or numbers it is one of those too. */
function kindsOf({ call }: PlanTask, { gives }: TaskDefinition, source: PlanFiles): Kind[] {
  const prompt = call.arguments.prompt as unknown as PlanPrompt | string | undefined;
  if (gives !== "texts" || typeof prompt !== "object") return [gives];
  const [hole, ...more] = holesOf(readTemplate(prompt.targets));
  const type = hole !== undefined && !more.length ? columnsOfSource(source)[hole]?.type : undefined;
  return ["texts", ...(type === "class" ? (["labels"] as const) : type === "number" ? (["numbers"] as const) : [])];
}

async function readRows({ examples }: PlanTask, source: PlanFiles, images: KeptImages | null, options: TaskOptions): Promise<{ readonly rows: readonly Row[]; readonly summary: SourceSummary }> {
  const rows: Row[] = [];
  const pictures = images ? { pictures: await fittedPictures(source, images.of) } : {};
  const table = rowsOf(source, { what: "encoding", ...options, ...pictures });
  for (;;) {
    const next = await table.next();
    if (!next.done) {
      for (const row of next.value) rows.push(images ? images.keep(row) : row);
      continue;
    }
    if (examples === null || options.heldOut || examples >= rows.length) return { rows, summary: next.value };
    // Fewer examples are a part of more: a learning curve adds rows, and exchanges none.
    const order = permutation(rows.length, options.seed, 0);
    return { rows: Array.from({ length: examples }, (_, i) => rows[order(i)]), summary: next.value };
  }
}

interface KeptImages {
  readonly of: PlanImages;
  /** The row with the number of its image in its place. */
  readonly keep: (row: Row) => Row;
  /** Gives the image of a number; none may be added after it. */
  readonly finish: () => (number: number) => ArrayLike<number>;
}

/** Images are many times what else is in a row: only their numbers stay in memory. */
function keptImages(images: PlanImages, { cache }: TaskOptions): KeptImages {
  const size = pixelsOf(images);
  const folder = cache === undefined ? null : join(cache, "images");
  if (folder !== null) makeFolder(folder);
  const list = folder === null ? numbersInMemory("uint8") : temporaryNumbers(join(folder, `${process.pid}-${++lists}.bin`), "uint8");
  return {
    of: images,
    keep({ file, line, values }) {
      const number = list.length() / size;
      list.addAll((values[images.column] as Image).data);
      return { file, line, values: { ...values, [images.column]: number } };
    },
    finish() {
      const pixels = list.finish();
      return (number) => pixels.slice(number * size, (number + 1) * size);
    },
  };
}

/** Lists of this process that have been made: each has a name of its own. */
let lists = 0;

/** Labels of held-out data are compared here, where the message can say what they are no class of. */
function withoutLabels(source: PlanFiles, column: string | null): PlanFiles {
  return column === null ? source : { ...source, columns: { ...source.columns, [column]: { ...source.columns[column], labels: null } } };
}

function checkLabels({ file, line, values }: Row, column: string, classes: readonly string[]): void {
  const label = labelsIn(values[column]).find((one) => !classes.includes(one));
  if (label !== undefined) throw new UserError([atLine(unknownLabel, file, line, { label, column, classes })]);
}

export function atLine<Data>(record: DiagnosticRecord<Data>, file: string, line: number, data: Data): Diagnostic {
  const place = { line, column: 1, offset: 0 };
  return { ...fileDiagnostic(record, file, data), start: place, end: place };
}

/** Rows of which the task can make no example count as malformed. */
function reportLeft(left: readonly { readonly row: Row; readonly problem: string }[], rows: number, entry: PlanEntry, source: PlanFiles, { warn, objective }: TaskOptions): void {
  if (left.length === 0) return;
  const [{ row }] = left;
  const first = left.slice(0, 5).map(({ row: { file, line }, problem }) => `${file}:${line}: ${problem}`);
  if (left.length > source.malformed * rows) throw new UserError([atLine(malformedRows, row.file, row.line, { malformed: left.length, rows, allowed: source.malformed, first })]);
  warn?.(fileDiagnostic(rowsLeftOut, source.files.join(", "), { malformed: left.length, rows, first, ...taskOf(entry, objective) }));
}

function reportCut(examples: readonly TaskExample[], entry: PlanEntry, source: PlanFiles, { warn, objective }: TaskOptions): void {
  const cut = examples.filter((example) => example.cut > 0);
  if (cut.length === 0) return;
  const sum = (of: (example: TaskExample) => number): number => examples.reduce((total, example) => total + of(example), 0);
  warn?.(fileDiagnostic(textsCut, source.files.join(", "), { cut: cut.length, examples: examples.length, tokens: sum((example) => example.cut), of: sum((example) => example.tokens), length: entry.lengths.inputs, ...taskOf(entry, objective) }));
}

/** Of several tasks each says its name. */
function taskOf({ name }: PlanEntry, { entries }: PlanObjective): { readonly task?: string } {
  return entries.length > 1 ? { task: name } : {};
}
