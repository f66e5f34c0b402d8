// The documents of a plan's source: files read once, rows checked, split, cleaned, hashed; or documents that are drawn.

import { createHash } from "node:crypto";
import { unreadableFormat } from "../../grammar/diagnostics/PT7007-unreadable-format.ts";
import { unreadableFile } from "../../grammar/diagnostics/PT7004-unreadable-file.ts";
import { canonical } from "../../compiler/plan/canonical.ts";
import type { PlanFiles, PlanSource, PlanSynthetic } from "../../compiler/plan/schema.ts";
import { leavesOfSource } from "../../compiler/plan/source.ts";
import { randomStream } from "../../compiler/random.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { columns } from "../columns/index.ts";
import { resolveFiles } from "../files/resolve.ts";
import { readBytes } from "../files/text.ts";
import { fileError } from "../files/user-error.ts";
import { sources } from "../sources/index.ts";
import type { SourceDefinition } from "../sources/define.ts";
import { synthetic } from "../synthetic/index.ts";
import type { SyntheticDefinition } from "../synthetic/define.ts";
import { openCleaning, type CleaningReport } from "./clean.ts";
import { asTheyAre, type PictureReader } from "./pictures.ts";
import { columnsByType, readTable, type Row, type RowTotals } from "./rows.ts";
import { dealer, stretchOfPart, type Dealer } from "./split.ts";

export interface Progress { readonly what: "reading" | "training tokenizer" | "encoding"; readonly files: number; readonly of: number }

export interface DocumentOptions {
  /** Folder that the patterns are relative to: that of the `.pt` file. */
  readonly base: string;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
  /** What the documents are read for, in progress. */
  readonly what?: Progress["what"];
  /** What becomes of the pictures of rows; without it they stay unread, and are no part of the fingerprint. */
  readonly pictures?: PictureReader;
  /** Receives diagnostics that do not stop the run. */
  readonly warn?: (diagnostic: Diagnostic) => void;
}

export interface SourceSummary {
  readonly files: number;
  /** Documents of the whole source, whatever the part. */
  readonly documents: number;
  /** sha256 over names and contents of all files, hexadecimal. Names are relative, so it is the same on every machine. */
  readonly fingerprint: string;
  /** Rows that were left out, and the first of them. */
  readonly malformed: RowTotals["malformed"];
  /** What the rules of cleaning did to the documents of all parts; null without rules. */
  readonly cleaning: CleaningReport | null;
}

/** Calls `visit` with each document of the source's part, in order; of a mixture those of each entry once. Throws UserError. */
export async function readDocuments(source: PlanSource, options: DocumentOptions, visit: (document: string) => void): Promise<SourceSummary> {
  const documents = documentsOf(source, options);
  for (;;) {
    const next = await documents.next();
    if (next.done) return next.value;
    for (const document of next.value) visit(document);
  }
}

/** As `readDocuments`, in batches, so that whoever reads sets the pace. Returns the summary. */
export async function* documentsOf(source: PlanSource, options: DocumentOptions): AsyncGenerator<readonly string[], SourceSummary> {
  if (source.kind === "synthetic") return yield* drawn(source, options);
  if (source.kind === "files") {
    const { text } = source;
    if (text === null) throw new Error("the source has no one text");
    const rows = rowsOf(source, options);
    for (;;) {
      const next = await rows.next();
      if (next.done) return next.value;
      const asText = columnsByType(source)[text];
      yield next.value.map(({ values }) => asText(values[text]));
    }
  }
  const parts: SourceSummary[] = [];
  for (const leaf of leavesOfSource(source)) parts.push(yield* documentsOf(leaf, options));
  const total = createHash("sha256");
  for (const part of parts) total.update(`${part.fingerprint}\n`);
  const sum = (of: (part: SourceSummary) => number): number => parts.reduce((all, part) => all + of(part), 0);
  return {
    files: sum((part) => part.files), documents: sum((part) => part.documents), fingerprint: total.digest("hex"), cleaning: null,
    malformed: { count: sum((part) => part.malformed.count), rows: sum((part) => part.malformed.rows), first: parts.flatMap((part) => part.malformed.first) },
  };
}

/** The rows of the source's part in batches, in order, the text cleaned. Returns the summary. Throws UserError. */
export async function* rowsOf(source: PlanFiles, options: DocumentOptions): AsyncGenerator<readonly Row[], SourceSummary> {
  const format = formatOf(source);
  const files = await resolveFiles(source.files, options.base);
  const { split, part, text } = source;
  const names = source.files.join(", ");
  let deal: Dealer | null = null;
  let counted: string | null = null;
  if (split?.by === "document" && part !== null) {
    // Which documents belong to a part depends on how many there are, so they are counted first.
    deal = dealer(split.parts, part, names);
    counted = (await drain(readTable(source, format, files, { ...options, ...(options.pictures ? { pictures: asTheyAre } : {}), what: "reading" }), (row) => deal!.count(keyOf(source, row)))).fingerprint;
    deal.finish();
  }
  const cleaning = source.clean.length > 0 ? await openCleaning(source, options.base) : null;
  const table = readTable(source, format, files, options);
  for (;;) {
    const next = await table.next();
    if (next.done) {
      const { fingerprint, rows: documents, malformed } = next.value;
      if (counted !== null && fingerprint !== counted) throw fileError(unreadableFile, names, { file: names, reason: "it changed while it was read" });
      return { files: files.length, documents, fingerprint: cleaning ? withLists(fingerprint, cleaning.lists) : fingerprint, malformed, cleaning: cleaning?.report() ?? null };
    }
    const batch: Row[] = [];
    for (const row of next.value) {
      // A document belongs to its part as it stands in the file: rules of cleaning move none from one part to another.
      const wanted = deal === null || deal.isWanted(keyOf(source, row));
      if (!wanted && !cleaning) continue;
      const whole = split?.by === "position" && part !== null && text !== null ? cut(row, text, split.parts, part) : row;
      const clean = whole && cleaning && text !== null ? cleaning.clean(whole, text) : whole;
      if (wanted && clean) batch.push(clean);
    }
    yield batch;
  }
}

/** Only the fingerprint: what has to be known to see whether anything changed. Reads bytes; with pictures the rows that name their files too. */
export async function fingerprintOf(source: PlanSource, options: DocumentOptions): Promise<string> {
  if (source.kind === "synthetic") return createHash("sha256").update(canonical(source.generator)).digest("hex");
  const total = createHash("sha256");
  if (source.kind === "mixture") {
    for (const { source: leaf } of source.entries) total.update(`${await fingerprintOf(leaf, options)}\n`);
    return total.digest("hex");
  }
  const named = Object.values(source.columns).some(({ image }) => image) && options.pictures !== undefined;
  if (named) {
    const read = await drain(readTable(source, formatOf(source), await resolveFiles(source.files, options.base), { ...options, pictures: asTheyAre, what: "reading" }), () => {});
    return source.clean.length > 0 ? withLists(read.fingerprint, (await openCleaning(source, options.base)).lists) : read.fingerprint;
  }
  for (const file of await resolveFiles(source.files, options.base)) {
    options.signal?.throwIfAborted();
    const hash = createHash("sha256");
    for await (const _ of readBytes(file, hash)) options.signal?.throwIfAborted();
    total.update(`${file.name}\0${hash.digest("hex")}\n`);
  }
  const fingerprint = total.digest("hex");
  return source.clean.length > 0 ? withLists(fingerprint, (await openCleaning(source, options.base)).lists) : fingerprint;
}

/** Lists of words that rules read are data too. */
function withLists(fingerprint: string, lists: readonly string[]): string {
  return lists.length === 0 ? fingerprint : createHash("sha256").update(`${fingerprint}\n${lists.join("\n")}`).digest("hex");
}

async function drain<R>(rows: AsyncGenerator<readonly Row[], R>, visit: (row: Row) => void): Promise<R> {
  for (;;) {
    const next = await rows.next();
    if (next.done) return next.value;
    next.value.forEach(visit);
  }
}

/** What makes two rows the same example: their texts, else their images, whatever their labels; without either everything. */
function keyOf(source: PlanFiles, { values, pictures }: Row): string {
  const asText = columnsByType(source);
  const texts = Object.keys(asText).filter((name) => source.columns[name] === undefined || columns[source.columns[name].type as keyof typeof columns].text);
  if (texts.length > 0) return texts.map((name) => asText[name](values[name])).join("\0");
  if (pictures && pictures.length > 0) return pictures.join(" ");
  return JSON.stringify(values, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value));
}

function cut(row: Row, text: string, parts: { readonly [part: string]: number }, part: string): Row | null {
  const document = row.values[text] as string;
  const [start, end] = stretchOfPart(document, parts, part);
  return end > start ? { ...row, values: { ...row.values, [text]: document.slice(start, end) } } : null;
}

async function* drawn({ generator, split, part }: PlanSynthetic, { signal }: DocumentOptions): AsyncGenerator<readonly string[], SourceSummary> {
  const known: Readonly<Record<string, SyntheticDefinition>> = synthetic;
  const definition = known[generator.word];
  const count = generator.arguments.examples as number;
  const draw = (number: number): string => definition.draw(generator.arguments, randomStream(0, `synthetic ${generator.word}`, number)).join(" ");
  const deal = split && part !== null ? dealer(split.parts, part, generator.word) : null;
  if (deal) {
    for (let number = 0; number < count; number++) deal.count(draw(number));
    deal.finish();
  }
  const together = 256;
  for (let first = 0; first < count; first += together) {
    signal?.throwIfAborted();
    yield Array.from({ length: Math.min(together, count - first) }, (_, i) => draw(first + i)).filter((document) => deal === null || deal.isWanted(document));
  }
  return { files: 0, documents: count, fingerprint: createHash("sha256").update(canonical(generator)).digest("hex"), malformed: { count: 0, rows: count, first: [] }, cleaning: null };
}

function formatOf(source: PlanFiles): SourceDefinition {
  const known: Readonly<Record<string, SourceDefinition>> = sources;
  if (!Object.hasOwn(known, source.format)) throw fileError(unreadableFormat, source.files.join(", "), { format: source.format, formats: Object.keys(known) });
  return known[source.format];
}
