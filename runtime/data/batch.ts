// A source, a tokenizer and an objective as examples. The example number is the whole position in the data: resuming needs nothing else.

import type { PlanEntry, PlanObjective, PlanTask } from "../../compiler/objectives/plan.ts";
import type { PlanFiles, PlanSource, PlanSynthetic, PlanTokenizer } from "../../compiler/plan/schema.ts";
import { imageColumn, namesOfSource } from "../../compiler/plan/source.ts";
import { randomStream, type RandomStream } from "../../compiler/random.ts";
import { emptyData } from "../../grammar/diagnostics/PT7006-empty-data.ts";
import { loneWindow } from "../../grammar/diagnostics/PT7042-lone-window.ts";
import { rowsLeftOut } from "../../grammar/diagnostics/PT7055-rows-left-out.ts";
import { fileDiagnostic, fileError } from "../files/user-error.ts";
import { makeExample, type RawText } from "../objectives/example.ts";
import { inputs as knownInputs } from "../objectives/inputs/index.ts";
import type { InputDefinition } from "../objectives/inputs/define.ts";
import type { PairDefinition } from "../objectives/pairs/define.ts";
import { pairs as knownPairs } from "../objectives/pairs/index.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import type { SourceSummary } from "./documents.ts";
import { emptyFields, pairWeights, type Batch } from "./fields.ts";
import { imageWriter, pixelsOf } from "./images.ts";
import { labelsOf, type Labels } from "./labels.ts";
import { mixedDataset, type Part } from "./mixture.ts";
import { captionWindows, makeWindows, piecesOf, type Windows } from "./pack.ts";
import { drawPair, pairWindows } from "./pairs.ts";
import { prepareTokens, type PrepareOptions } from "./prepare.ts";
import { pairWriter, rowWriter, type RowWriter } from "./row.ts";
import { permutation } from "./shuffle.ts";
import { lowerBound, type TokenStore } from "./store.ts";
import { openTask, type Asked, type TaskOptions, type TaskSource } from "./tasks.ts";
import { tokenFacts } from "./vocabulary.ts";

export interface Dataset {
  /** Examples of one epoch. */
  readonly examples: number;
  /** sha256 over the names and contents of the source's files. */
  readonly fingerprint: string;
  /** Examples first … first + count − 1 in training order: number n is in epoch ⌊n / examples⌋, each epoch in an order of its own. */
  readonly batch: (first: number, count: number) => Batch;
  /** In the order of the text and with noise of their own, for evaluation; rows past the end are padding that counts nothing. */
  readonly ordered: (first: number, count: number) => Batch;
  /** Numbers of `ordered` that belong to each entry of a mixture of objectives, and of data: `count` from `first` on. */
  readonly entries: readonly { readonly name: string; readonly source: string | null; readonly first: number; readonly count: number }[];
  /** What was read, by source. */
  readonly sources: readonly SourceRecord[];
  /** The entry that each of these examples is drawn for in training; `novels, masked` where both data and objectives are mixed. */
  readonly drawn: (number: number) => string;
  /** Ids of the text of one of these examples before it is noised. */
  readonly text: (number: number) => number[];
  /** What an example of `ordered` asks; null where it has no right answer but its own tokens. */
  readonly asked: (number: number) => Asked | null;
}

/** What a run keeps of a source beside its examples. */
export interface SourceRecord extends SourceSummary {
  /** Its files, or what draws it. */
  readonly source: string;
  /** Labels of columns in the order of their ids. */
  readonly labels: Labels;
  /** Of a task's examples: how often each class occurs, by column. */
  readonly classes?: TaskSource["classes"];
  /** Of a task: rows with an answer. */
  readonly answers?: number;
}

export interface DatasetOptions extends Omit<PrepareOptions, "sentences">, Pick<TaskOptions, "heldOut"> {
  readonly objective: PlanObjective;
  readonly pack: boolean;
  readonly seed: number;
  /** Which tokens of the tokenizer are special by name. */
  readonly special: PlanTokenizer["special"];
}

/** An entry with the number of its windows, and what writes one of them into a row. */
interface Source { readonly entry: PlanEntry; readonly size: number; readonly write: (writer: RowWriter, window: number, random: Draw) => void; readonly task?: TaskSource }

/** A stream of random numbers for a purpose and a piece of one example. */
type Draw = (purpose: string, piece: number) => RandomStream;

/** Reads, encodes and cuts a source. Throws UserError (PT70xx). */
export async function openDataset(source: PlanSource, tokenizer: Tokenizer, options: DatasetOptions): Promise<Dataset> {
  const { entries } = options.objective;
  if (entries.length > 1 && entries.every((entry) => entry.task !== null)) return openTasks(source, tokenizer, options);
  if (source.kind !== "mixture") return openLeaf(source, tokenizer, options);
  const parts: Part[] = [];
  for (const { name, share, source: leaf } of source.entries) parts.push({ name, share, data: await openLeaf(leaf, tokenizer, { ...options, stream: `${name} ` }) });
  return mixedDataset(parts, options);
}

/** Each task of a mixture reads the entry of its name; a source without such names is read by all of them. Tasks without data there are left out. */
async function openTasks(source: PlanSource, tokenizer: Tokenizer, options: DatasetOptions): Promise<Dataset> {
  const { objective } = options;
  const parts: Part[] = [];
  for (const entry of objective.entries) {
    const own = source.kind === "mixture" ? source.entries.find(({ name }) => name === entry.name)?.source : source;
    if (own) parts.push({ name: entry.name, share: entry.share, data: await openLeaf(own, tokenizer, { ...options, entries: [{ ...entry, share: 1 }], stream: `${entry.name} ` }) });
  }
  const data = mixedDataset(parts, options);
  return { ...data, get entries() { return data.entries.map((entry) => ({ ...entry, source: null })); }, drawn: (number) => data.drawn(number).split(", ")[0] };
}

async function openLeaf(source: PlanFiles | PlanSynthetic, tokenizer: Tokenizer, options: DatasetOptions & { readonly stream?: string; /** Of the objective, those that are meant. */ readonly entries?: PlanObjective["entries"] }): Promise<Dataset> {
  const { objective, pack, seed, stream = "" } = options;
  const { entries = objective.entries } = options;
  const names = namesOfSource(source).join(", ");
  const facts = tokenFacts(tokenizer, options);
  const pad = tokenizer.special("pad") ?? 0;
  const sentences = entries.some((entry) => entry.pair !== null || entry.stages.some((stage) => stage.input.some(({ shows }) => (knownInputs as Readonly<Record<string, InputDefinition>>)[shows]?.sentences)));
  const prepared = entries.some((entry) => entry.task === null) ? await prepareTokens(source, tokenizer, { ...options, sentences, images: objective.streams.images }) : null;
  const sources: Source[] = [];
  for (const entry of entries) sources.push(hasTask(entry) ? await taskSource(entry) : sourceOf(entry, prepared!.store));
  const summary = prepared?.summary ?? sources[0].task!.summary;
  const writeImage = imageWriterOf(objective, source);
  const { malformed } = summary;
  if (malformed.count > 0) options.warn?.(fileDiagnostic(rowsLeftOut, names, { malformed: malformed.count, rows: malformed.rows, first: malformed.first }));
  const missing = sources.find(({ size }) => size === 0);
  if (missing) throw fileError(emptyData, names, { files: summary.files, documents: summary.documents, part: source.part, ...(missing.entry.pair === null ? {} : { pairs: true }) });
  const bytesOf = Int32Array.from({ length: tokenizer.vocab }, (_, id) => tokenizer.bytesOf(id));
  const examples = Math.max(1, Math.round(sources.reduce((sum, { entry, size }) => sum + entry.share * size, 0)));

  async function taskSource(entry: PlanEntry & { readonly task: PlanTask }): Promise<Source> {
    const task = await openTask(entry, source, tokenizer, facts, options);
    return { entry, size: task.examples.length, task, write: (writer, window) => writer.task(entry, task.examples[window], task.imageOf(window)) };
  }

  function sourceOf(entry: PlanEntry, store: TokenStore): Source {
    const lead = entry.frame.before.map(facts.idOf);
    const { raw } = entry.lengths;
    const piece = (windows: Windows, p: number): Int32Array => {
      const start = windows.starts.at(p)!;
      return Int32Array.from(store.ids.slice(start, start + windows.lengths.at(p)!));
    };
    const eachPiece = (windows: Windows, window: number, visit: (p: number, first: number) => void): void => {
      const [first, end] = piecesOf(windows, window);
      for (let p = first; p < end; p++) visit(p, first);
    };
    if (entry.layout === "next") {
      const windows = makeWindows(store, { tokens: raw, of: "next", pack: pack ? { positions: entry.lengths.inputs, beyond: lead.length - 1 } : null });
      return { entry, size: windows.examples, write: (writer, window) => eachPiece(windows, window, (p) => writer.next(entry, lead, piece(windows, p))) };
    }
    if (entry.layout === "towers") {
      const windows = captionWindows(store, raw);
      const { before, after } = entry.frame;
      const size = pixelsOf(objective.streams.images!);
      return { entry, size: windows.examples, write: (writer, window) => writer.pair(entry, [...before.map(facts.idOf), ...piece(windows, window), ...after.map(facts.idOf)], store.pixels.slice(window * size, (window + 1) * size)) };
    }
    if (entry.pair !== null) {
      const windows = pairWindows(store, raw);
      const definition = (knownPairs as Readonly<Record<string, PairDefinition>>)[entry.pair];
      if (windows.examples === 1 && definition.strangers) throw fileError(loneWindow, names, { objective: entry.name });
      return { entry, size: windows.examples, write: (writer, window, draw) => writer.example(entry, makeExample(entry, drawPair(store, windows, window, raw, definition, draw("pair", 0)), facts, (purpose) => draw(purpose, 0))) };
    }
    const framed = entry.frame.before.length + entry.frame.after.length;
    const windows = makeWindows(store, { tokens: raw, of: "text", pack: pack ? { positions: entry.lengths.inputs, beyond: framed } : null });
    return {
      entry,
      size: windows.examples,
      write: (writer, window, draw) => eachPiece(windows, window, (p, first) => {
        const number = p - first;
        const text: RawText = { ids: piece(windows, p), sentences: sentences ? marksIn(store, windows.starts.at(p)!, windows.lengths.at(p)!) : [], pair: null };
        writer.example(entry, makeExample(entry, text, facts, (purpose) => draw(purpose, number)));
      }),
    };
  }

  /** Numbers of an example are keyed by its own number, whatever the batch. */
  const drawFor = (mode: string, number: number): Draw => (purpose, piece) => {
    const high = Math.floor(number / 2 ** 32);
    return randomStream(seed, `${stream}${mode} ${purpose}`, number, high === 0 ? piece : `${high} ${piece}`);
  };
  const entryFor = (mode: string, number: number): number => {
    if (entries.length === 1) return 0;
    let left = drawFor(mode, number)("mixture", 0).unit();
    const found = entries.findIndex(({ share }) => (left -= share) < 0);
    return found < 0 ? entries.length - 1 : found;
  };
  const orders = new Map<string, (index: number) => number>();
  const orderOf = (index: number, epoch: number): ((index: number) => number) => {
    const key = `${index} ${epoch}`;
    let order = orders.get(key);
    if (order === undefined) {
      if (orders.size > 2 * entries.length) orders.clear();
      orders.set(key, (order = permutation(sources[index].size, seed, epoch)));
    }
    return order;
  };

  const pairs = objective.losses.some(({ kind }) => kind === "preference");
  const make = (count: number, exampleOf: (row: number) => { readonly source: number; readonly window: number; readonly draw: Draw } | null): Batch => {
    const fields = emptyFields(objective, count, pack, pad);
    for (let row = 0; row < count; row++) {
      const example = exampleOf(row);
      if (example) sources[example.source].write(pairs ? pairWriter(objective, fields, row) : rowWriter(objective, fields, row, writeImage), example.window, example.draw);
    }
    const counts: Record<string, number> = {};
    const bytes: Record<string, number> = {};
    for (const { head, kind } of objective.losses) {
      const targets = fields.get(`${head}.targets`)!.data;
      const weights = fields.get(kind === "preference" ? head + pairWeights : `${head}.weights`)!.data;
      counts[head] = 0;
      bytes[head] = 0;
      for (let i = 0; i < weights.length; i++) {
        if (weights[i] === 0) continue;
        counts[head]++;
        if (kind === "tokens") bytes[head] += bytesOf[targets[i]];
      }
    }
    return { examples: count, fields, counts, bytes };
  };

  const trained = (number: number): { source: number; window: number; draw: Draw } => {
    const source = entryFor("train", number);
    const { size } = sources[source];
    return { source, window: orderOf(source, Math.floor(number / size))(number % size), draw: drawFor("train", number) };
  };
  // For evaluation the examples of one entry stand together, so that each has a loss of its own. Made when it is asked for: training never does.
  let held: Held | null = null;
  const heldOut = (): Held => (held ??= evaluationOrder(examples, sources.map(({ entry }) => entry.name), (number) => entryFor("evaluate", number)));
  return {
    examples,
    fingerprint: summary.fingerprint,
    sources: [{ source: names, ...summary, labels: source.kind === "files" ? await labelsOf(source, options) : {}, ...taskRecord(sources) }],
    get entries() {
      return heldOut().entries;
    },
    drawn: (number) => entries[entryFor("train", number)].name,
    text(number) {
      const { source, window, draw } = trained(number);
      const ids: number[] = [];
      sources[source].write({ next: (_, lead, piece) => ids.push(...Array.from(lead), ...Array.from(piece)), example: (_, { text }) => ids.push(...text), pair: (_, text) => ids.push(...text), task: (_, { inputs }) => ids.push(...inputs) }, window, draw);
      return ids;
    },
    asked(number) {
      const { source, number: own } = heldOut().at(number);
      const { task, size } = sources[source];
      return task ? task.asked(own % size) : null;
    },
    batch: (first, count) => make(count, (row) => trained(first + row)),
    ordered: (first, count) => make(count, (row) => {
      if (first + row >= examples) return null;
      const { source, number } = heldOut().at(first + row);
      return { source, window: number % sources[source].size, draw: drawFor("evaluate", number) };
    }),
  };
}

function hasTask(entry: PlanEntry): entry is PlanEntry & { readonly task: PlanTask } {
  return entry.task !== null;
}

function taskRecord(sources: readonly Source[]): Pick<SourceRecord, "classes" | "answers"> {
  const tasks = sources.flatMap(({ task }) => task ?? []);
  const classes = Object.fromEntries(tasks.flatMap((task) => Object.entries(task.classes)));
  return tasks.length ? { answers: tasks.reduce((sum, task) => sum + task.answers, 0), ...(Object.keys(classes).length ? { classes } : {}) } : {};
}

function imageWriterOf({ streams: { images } }: PlanObjective, source: PlanSource): ReturnType<typeof imageWriter> | undefined {
  if (!images) return undefined;
  const column = source.kind === "files" ? imageColumn(source, images.column) : null;
  if (!column) throw new Error("the plan reads images, and its data has none");
  return imageWriter(images, column.image);
}

/** 1 where a sentence begins, for the tokens of a piece. */
function marksIn(store: TokenStore, start: number, length: number): Uint8Array {
  const marks = new Uint8Array(length);
  const { sentences } = store;
  for (let i = lowerBound(sentences, start); i < sentences.length && sentences.at(i)! < start + length; i++) marks[sentences.at(i)! - start] = 1;
  return marks;
}

interface Held {
  readonly entries: Dataset["entries"];
  /** The entry of an example in this order, and its number. */
  readonly at: (place: number) => { readonly source: number; readonly number: number };
}

function evaluationOrder(examples: number, names: readonly string[], entryFor: (number: number) => number): Held {
  if (names.length === 1) return { entries: [{ name: names[0], source: null, first: 0, count: examples }], at: (number) => ({ source: 0, number }) };
  const of = Uint8Array.from({ length: examples }, (_, number) => entryFor(number));
  const numbers = new Float64Array(examples);
  let place = 0;
  const entries = names.map((name, source) => {
    const first = place;
    for (let number = 0; number < examples; number++) if (of[number] === source) numbers[place++] = number;
    return { name, source: null, first, count: place - first };
  });
  return { entries, at: (at) => ({ source: of[numbers[at]], number: numbers[at] }) };
}
