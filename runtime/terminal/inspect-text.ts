// A batch as aligned columns: one line a position, for each stack that reads tokens.

import pc from "picocolors";
import { maskMatrix } from "../../compiler/graph/mask.ts";
import { readsImages, type PlanStream } from "../../compiler/objectives/plan.ts";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { leavesOfSource } from "../../compiler/plan/source.ts";
import type { Io } from "../commands/define.ts";
import { isOfPairs, rowOf, type Batch } from "../data/fields.ts";
import { taskNamed } from "../data/tasks.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import { imagePicture } from "./image-picture.ts";
import { textWidth } from "./width.ts";

/** What one stack gets of an example. */
export interface InspectedStream {
  /** `encoder`, `decoder`; empty where there is one stack. Of a preference behind `chosen` or `rejected`. */
  readonly stack: string;
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  readonly positions: readonly number[];
  readonly documents: readonly number[] | null;
  readonly segments: readonly number[] | null;
  readonly real: readonly number[];
  /** Positions that every query may see. */
  readonly prefix: number | null;
  /** By head: what each position has to predict, null where nothing, and what it counts. */
  readonly losses: { readonly [head: string]: { readonly targets: readonly (string | null)[]; readonly weights: readonly number[] } };
  /** Rows of 0 and 1: which keys each query may attend to, under the stack's first mask, padding, packing and prefix included. */
  readonly mask: readonly string[];
}

export interface InspectedRow {
  readonly example: number;
  /** The entry of a mixture that it was drawn for. */
  readonly entry: string;
  /** The text before it was noised. */
  readonly text: string;
  /** Classes of the pair, or of a task's text, by head. */
  readonly classes: { readonly [head: string]: number };
  /** What a task asks of the whole text, by head: the name of its class, a number, the stretch that answers. */
  readonly answers: { readonly [head: string]: string | number };
  readonly streams: readonly InspectedStream[];
  /** The image, normalized as the model gets it; null for texts alone. */
  readonly image: InspectedImage | null;
}

export interface InspectedImage {
  readonly column: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** By channel. */
  readonly means: readonly number[];
  readonly pixels: readonly number[];
}

export interface Inspected { readonly batch: Batch; /** Ids of the texts before noise. */ readonly texts: readonly (readonly number[])[]; readonly entries: readonly string[] }

export function batchRows({ batch, texts, entries }: Inspected, tokenizer: Tokenizer, plan: Plan, count: number): InspectedRow[] {
  const { inputs, targets } = plan.objective.streams;
  return Array.from({ length: count }, (_, example) => ({
    example,
    entry: entries[example],
    text: tokenizer.decode(texts[example], { special: true }),
    classes: Object.fromEntries(plan.objective.losses.flatMap(({ head, kind }) => (kind === "class" ? [[head, rowOf(batch, `${head}.targets`, example)![0]]] : []))),
    answers: answersOf(batch, example, tokenizer, plan),
    image: imageOf(batch, example, plan),
    streams: readsImages(plan.objective.streams) ? [] : answersIn(batch, plan).flatMap(({ name, rows }) => [inputs, ...(targets ? [targets] : [])].map((stream): InspectedStream => {
      const { stack, ...rest } = streamOf(stream, rows, rows === batch ? example : 2 * example + (name === "rejected" ? 1 : 0), tokenizer, plan, stream === (targets ?? inputs));
      return { stack: [name, stack].filter((part) => part !== "").join(", "), ...rest };
    })),
  }));
}

/** The rows of a batch; of a preference those of either answer. */
function answersIn(batch: Batch, { objective }: Plan): { readonly name: string; readonly rows: Batch }[] {
  if (objective.losses.every(({ kind }) => kind !== "preference")) return [{ name: "", rows: batch }];
  const fields = new Map([...batch.fields].map(([name, field]) => [name, isOfPairs(name) ? field : { ...field, row: field.row / 2 }]));
  return ["chosen", "rejected"].map((name) => ({ name, rows: { ...batch, fields } }));
}

function answersOf(batch: Batch, example: number, tokenizer: Tokenizer, plan: Plan): InspectedRow["answers"] {
  const classes = classesOf(plan);
  const { inputs } = plan.objective.streams;
  return Object.fromEntries(plan.objective.losses.flatMap(({ head, kind }): [string, string | number][] => {
    const targets = rowOf(batch, `${head}.targets`, example)!;
    if (kind === "class" && classes.length) return [[head, classes[targets[0]]]];
    if (kind === "number") return [[head, targets[0]]];
    if (kind !== "span") return [];
    const [first, last] = targets;
    const ids = rowOf(batch, `${inputs.prefix}tokens`, example)!;
    return [[head, first === 0 && last === 0 ? "not in this window" : `${tokenizer.decode(ids.slice(first, last + 1) as Int32Array)} (places ${first} to ${last})`]];
  }));
}

/** Names of the classes of the plan's task; none where it has no task with classes. */
function classesOf({ objective, data }: Plan): readonly string[] {
  const task = objective.entries.find((entry) => entry.task !== null)?.task;
  const [leaf] = data ? leavesOfSource(data) : [];
  if (!task || leaf?.kind !== "files") return [];
  const { answers } = taskNamed(task.call.word);
  if (answers === null) return [];
  return leaf.columns[task.call.arguments[answers] as string]?.labels ?? [];
}

function imageOf(batch: Batch, example: number, { objective: { streams: { images } } }: Plan): InspectedImage | null {
  if (!images) return null;
  const { column, channels, height, width, prefix } = images;
  const pixels = Array.from(rowOf(batch, `${prefix}pixels`, example)!);
  const area = height * width;
  const means = Array.from({ length: channels }, (_, channel) => pixels.slice(channel * area, (channel + 1) * area).reduce((sum, value) => sum + value, 0) / area);
  return { column, channels, height, width, means, pixels };
}

function streamOf(stream: PlanStream, batch: Batch, example: number, tokenizer: Tokenizer, plan: Plan, predicts: boolean): InspectedStream {
  const { prefix: path, length } = stream;
  const row = (name: string): number[] | null => {
    const values = rowOf(batch, `${path}${name}`, example);
    return values && Array.from(values);
  };
  const [ids, positions, real] = ["tokens", "positions", "real"].map((name) => row(name)!);
  const documents = row("documents");
  const prefix = row("prefix")?.[0] ?? null;
  const mask = firstMask(plan, stream);
  const allowed = mask ? maskMatrix(mask, { queries: length, keys: length, prefix: prefix ?? 0 }, documents ? { queries: documents, keys: documents } : undefined) : new Uint8Array(length * length);
  const losses = plan.objective.losses.filter(({ kind }) => predicts && (kind === "tokens" || kind === "tags" || kind === "preference")).map(({ head, kind }) => [head, lossOf(head, batch, example, length, kind === "tags" ? (id) => classesOf(plan)[id] : tokenizer.text)] as const);
  return {
    stack: path.slice(0, -1),
    ids,
    tokens: ids.map((id) => tokenizer.text(id)),
    positions,
    documents,
    segments: row("segments"),
    real,
    prefix,
    losses: Object.fromEntries(losses),
    mask: Array.from({ length }, (_, query) => Array.from({ length }, (_, key) => (allowed[query * length + key] && real[key] ? "1" : "0")).join("")),
  };
}

/** Targets at the positions that predict them. */
function lossOf(head: string, batch: Batch, example: number, length: number, nameOf: (id: number) => string): InspectedStream["losses"][string] {
  const [ids, weights, places] = ["targets", "weights", "places"].map((name) => rowOf(batch, `${head}.${name}`, example));
  const targets: (string | null)[] = Array.from({ length }, () => null);
  const counts = Array.from({ length }, () => 0);
  for (let i = 0; i < weights!.length; i++) {
    if (weights![i] === 0) continue;
    const place = places ? places[i] : i;
    targets[place] = nameOf(ids![i]);
    counts[place] = weights![i];
  }
  return { targets, weights: counts };
}

/** The mask of the stack's first attention over its own positions. */
function firstMask(plan: Plan, { prefix }: PlanStream): MaskExpression | null {
  const stack = prefix.slice(0, -1);
  const node = plan.graphs.train.nodes.find((candidate) => candidate.op === "attention" && (stack === "" || candidate.scope.startsWith(`${stack}.`)) && !candidate.scope.includes("cross_attention"));
  return node ? (node.attributes.mask as unknown as MaskExpression) : null;
}

const shownPositions = 48;
const shownMask = 32;

export function inspectText(rows: readonly InspectedRow[], about: { plan: Plan; number: number; counts: Batch["counts"]; epochExamples: number }, io: Pick<Io, "color">): string {
  const color = pc.createColors(io.color);
  const { plan, number, counts, epochExamples } = about;
  const counted = Object.entries(counts).map(([head, count]) => (Object.keys(counts).length > 1 ? `${count} for \`${head}\`` : `${count}`)).join(", ");
  const { inputs, targets } = plan.objective.streams;
  const size = `${inputs.length} positions${targets ? ` and ${targets.length} of targets` : ""}`;
  const lines = [`${color.bold(plan.name)}, batch ${number}: ${plan.batch.examples} examples of ${size}, ${counted} of them with loss; an epoch has ${epochExamples} examples`, color.dim(plan.objective.text)];
  for (const row of rows) {
    lines.push("", color.bold(`example ${row.example + 1}`) + (plan.objective.entries.length > 1 ? ` (${row.entry})` : ""), ...(row.streams.length ? [color.dim(visible(row.text.slice(0, 400)))] : []));
    for (const [head, label] of Object.entries(row.classes)) lines.push(`${head}: class ${label}${row.answers[head] === undefined ? "" : `, ${row.answers[head]}`}`);
    for (const [head, answer] of Object.entries(row.answers)) if (row.classes[head] === undefined) lines.push(`${head}: ${visible(String(answer))}`);
    if (row.image) lines.push("", ...imageLines(row.image, io.color, color));
    for (const stream of row.streams) lines.push(...streamLines(stream, plan.batch.pack, color));
  }
  return `${lines.join("\n")}\n`;
}

/** From the smallest value of the image to its largest. */
function imageLines({ column, channels, height, width, means, pixels }: InspectedImage, colored: boolean, color: ReturnType<typeof pc.createColors>): string[] {
  const [least, most] = pixels.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const at = (channel: number, row: number, of: number): number => (pixels[(channel * height + row) * width + of] - least) / Math.max(1e-6, most - least);
  return [`${color.bold(column)} ${channels} × ${height} × ${width}, mean ${means.map((mean) => mean.toFixed(3)).join(" ")}, from ${least.toFixed(3)} to ${most.toFixed(3)}`, ...imagePicture({ channels, height, width, at }, { color: colored })];
}

function streamLines(stream: InspectedStream, packed: boolean, color: ReturnType<typeof pc.createColors>): string[] {
  const heads = Object.keys(stream.losses);
  const columns: readonly (readonly [title: string, cell: (i: number) => string])[] = [
    ["position", (i) => String(stream.positions[i])],
    ...(packed ? [["document", (i: number) => String(stream.documents?.[i] ?? "")] as const] : []),
    ...(stream.segments ? [["segment", (i: number) => String(stream.segments![i])] as const] : []),
    ["id", (i) => String(stream.ids[i])],
    ["token", (i) => (stream.real[i] ? visible(stream.tokens[i]) : "·")],
    ...heads.flatMap((head) => {
      const { targets, weights } = stream.losses[head];
      return [[heads.length > 1 ? head : "target", (i: number) => (targets[i] === null ? "·" : visible(targets[i]!))] as const, ["", (i: number) => (weights[i] === 0 ? "" : weights[i] === 1 ? "loss" : `loss × ${Number(weights[i].toPrecision(3))}`)] as const];
    }),
    ...(stream.prefix ? [["", (i: number) => (i < stream.prefix! ? "prefix" : "")] as const] : []),
  ];
  const filled = 1 + stream.ids.findLastIndex((_, i) => stream.real[i] !== 0 || heads.some((head) => stream.losses[head].weights[i] !== 0));
  const shown = Math.min(filled, shownPositions);
  const rest = [...(filled > shown ? [`${filled - shown} more positions`] : []), ...(stream.ids.length > filled ? [`${stream.ids.length - filled} positions of padding`] : [])];
  const table = stream.ids.slice(0, shown).map((_, i) => columns.map(([, cell]) => cell(i)));
  const widths = columns.map(([title], column) => Math.max(textWidth(title), ...table.map((cells) => textWidth(cells[column]))));
  const print = (cells: readonly string[]): string => cells.map((cell, column) => cell + " ".repeat(widths[column] - textWidth(cell))).join("  ").trimEnd();
  return [
    "",
    ...(stream.stack === "" ? [] : [color.bold(stream.stack)]),
    color.dim(print(columns.map(([title]) => title))),
    ...table.map(print),
    ...(rest.length ? [color.dim(`… ${rest.join(", ")} (--json prints all)`)] : []),
    "",
    color.dim("mask (a row is a query, a column a key)"),
    ...stream.mask.slice(0, shownMask).map((cells) => cells.slice(0, shownMask).replaceAll("1", "█").replaceAll("0", "·")),
  ];
}

/** Line ends and tabs as pictures, so that a token stays on its line. */
function visible(text: string): string {
  return text.replaceAll("\n", "⏎").replaceAll("\r", "␍").replaceAll("\t", "⇥").replaceAll(/\p{Cc}/gu, "�");
}
