// A source as a store of tokens: encoded once, kept in the cache, taken up where an interrupted preparation stood.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { canonical } from "../../compiler/plan/canonical.ts";
import type { PlanFiles, PlanSynthetic } from "../../compiler/plan/schema.ts";
import type { PlanImages } from "../../compiler/objectives/plan.ts";
import { imageColumn, namesOfSource } from "../../compiler/plan/source.ts";
import type { Image } from "../columns/define.ts";
import { lockRun, type RunLock } from "../checkpoints/lock.ts";
import { unreadableFile } from "../../grammar/diagnostics/PT7004-unreadable-file.ts";
import { UserError, fileError } from "../files/user-error.ts";
import { makeFolder, writeAtomically } from "../files/write.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import { documentsOf, fingerprintOf, rowsOf, type DocumentOptions, type SourceSummary } from "./documents.ts";
import { numbersInFile, numbersInMemory, openNumbers, temporaryNumbers, type NumbersBuilder } from "./numbers.ts";
import { fittedPictures } from "./pictures.ts";
import { columnsByType } from "./rows.ts";
import { splitSentences } from "./sentences.ts";
import { idsKind, tokenStoreBuilder, type StoreLists, type TokenStore } from "./store.ts";

export interface PrepareOptions extends DocumentOptions {
  /** Folder where tokens are kept, in `tokens/`; without it they stay in memory. */
  readonly cache?: string;
  /** Whether places of sentences are needed. */
  readonly sentences: boolean;
  /** The size of the images that belong to the documents; null for texts alone. */
  readonly images?: PlanImages | null;
}

export interface Prepared { readonly store: TokenStore; readonly summary: SourceSummary }

/** Changes when the same text would give other tokens, or files of another form. */
const version = 1;
/** Between two times that an unfinished preparation is saved. */
const saveEverySeconds = 5;

interface State {
  /** Documents of the part that are in the lists. */
  readonly documents: number;
  readonly lengths: { readonly [list in keyof StoreLists]: number };
  /** Null until all are in. */
  readonly summary: SourceSummary | null;
  /** The source and the tokenizer, whatever the files held: tokens of an older state of the files go when there are newer ones. */
  readonly identity: string;
}

/** Throws UserError (PT70xx, PT81xx). Aborted, it keeps what it has and throws the signal's reason. */
export async function prepareTokens(source: PlanFiles | PlanSynthetic, tokenizer: Tokenizer, given: PrepareOptions): Promise<Prepared> {
  const images = source.kind === "files" ? (given.images ?? null) : null;
  const options: PrepareOptions = images && source.kind === "files" ? { ...given, pictures: await fittedPictures(source, images) } : given;
  const frame = { before: tokenizer.special("bos"), after: tokenizer.special("eos"), sentences: options.sentences };
  const encode = (document: string): Int32Array[] => (options.sentences ? splitSentences(document) : [document]).map((text) => tokenizer.encode(text));
  const progress: PrepareOptions = { what: "encoding", ...options };
  if (options.cache === undefined) {
    const builder = tokenStoreBuilder(tokenizer.vocab, frame);
    const summary = await each(source, progress, ({ text, pixels }) => builder.add(encode(text), pixels));
    return { store: builder.finish(), summary };
  }
  const fingerprint = await fingerprintOf(source, options);
  const identity = sha256(canonical([version, source, sha256(tokenizer.json()), options.sentences, ...(images ? [images.channels, images.height, images.width] : [])]));
  const { folder, lock, temporary } = claim(join(options.cache, "tokens", sha256(`${identity} ${fingerprint}`).slice(0, 32)));
  try {
    const state = readState(folder);
    const kinds = { ids: idsKind(tokenizer.vocab), starts: "float64", sentences: "float64", pixels: "uint8" } as const;
    const isKept = (name: keyof StoreLists): boolean => name !== "pixels" || images !== null;
    const path = (list: string): string => join(folder, `${list}.bin`);
    // A list of windows belongs to this process: two runs may cut the same tokens differently. A folder of its own is gone when they are cut.
    const list: TokenStore["list"] = (name, kind) => temporaryNumbers(temporary ? `${folder}.${name}.bin` : join(folder, `${name}.${process.pid}.bin`), kind);
    if (state?.summary) {
      const opened = (name: keyof StoreLists) => (isKept(name) ? openNumbers(path(name), kinds[name], state.lengths[name]) : numbersInMemory(kinds[name]).finish());
      return { store: { ids: opened("ids"), starts: opened("starts"), sentences: opened("sentences"), pixels: opened("pixels"), before: frame.before === null ? 0 : 1, after: frame.after === null ? 0 : 1, list }, summary: state.summary };
    }
    const lists = Object.fromEntries((Object.keys(kinds) as (keyof typeof kinds)[]).map((name) => [name, isKept(name) ? numbersInFile(path(name), kinds[name], state?.lengths[name]) : numbersInMemory(kinds[name])])) as unknown as StoreLists;
    const builder = tokenStoreBuilder(tokenizer.vocab, frame, list, lists);
    let documents = 0;
    let saved = performance.now();
    const save = (summary: SourceSummary | null): void => {
      for (const one of Object.values(lists) as NumbersBuilder[]) one.sync();
      const lengths = { ids: lists.ids.length(), starts: lists.starts.length(), sentences: lists.sentences.length(), pixels: lists.pixels.length() };
      writeAtomically(join(folder, stateFile), `${JSON.stringify({ documents, lengths, summary, identity } satisfies State)}\n`);
      saved = performance.now();
    };
    try {
      const summary = await each(source, progress, ({ text, pixels }) => {
        // What an earlier preparation encoded is read again, for the rules of cleaning remember it, but not encoded again.
        if (documents++ < (state?.documents ?? 0)) return;
        builder.add(encode(text), pixels);
        if (performance.now() - saved > 1000 * saveEverySeconds) save(null);
      });
      if (summary.fingerprint !== fingerprint) {
        discard(folder);
        const file = namesOfSource(source).join(", ");
        throw fileError(unreadableFile, file, { file, reason: "it changed while it was read" });
      }
      save(summary);
      if (!temporary) removeOlder(folder, identity);
      return { store: builder.finish(), summary };
    } catch (error) {
      if (options.signal?.aborted && documents > (state?.documents ?? 0)) save(null);
      throw error;
    }
  } finally {
    lock.release();
    if (temporary) discard(folder);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Removes tokens of the same source and tokenizer from files that have changed since, unless a process is at work on them. */
function removeOlder(folder: string, identity: string): void {
  for (const entry of readdirSync(dirname(folder))) {
    const other = join(dirname(folder), entry);
    if (other === folder || readState(other)?.identity !== identity) continue;
    try {
      const lock = lockRun(other);
      discard(other);
      lock.release();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
}

/** Removes a folder; what is open stays readable until the process ends. */
function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Windows removes no open file; the name says which process left it.
  }
}

async function each(source: PlanFiles | PlanSynthetic, options: PrepareOptions, visit: (document: Document) => void): Promise<SourceSummary> {
  const documents = options.images && source.kind === "files" ? picturedOf(source, options.images, options) : plainOf(source, options);
  for (;;) {
    const next = await documents.next();
    if (next.done) return next.value;
    for (const document of next.value) {
      options.signal?.throwIfAborted();
      visit(document);
    }
    // Signals and timers come in between batches.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

interface Document { readonly text: string; readonly pixels?: Uint8Array }

async function* plainOf(source: PlanFiles | PlanSynthetic, options: DocumentOptions): AsyncGenerator<readonly Document[], SourceSummary> {
  const documents = documentsOf(source, options);
  for (;;) {
    const next = await documents.next();
    if (next.done) return next.value;
    yield next.value.map((text) => ({ text }));
  }
}

/** Rows with an image; their text, where they have one. */
async function* picturedOf(source: PlanFiles, images: PlanImages, options: DocumentOptions): AsyncGenerator<readonly Document[], SourceSummary> {
  const rows = rowsOf(source, options);
  const { text } = source;
  const image = imageColumn(source, images.column)!.name;
  for (;;) {
    const next = await rows.next();
    if (next.done) return next.value;
    const asText = columnsByType(source);
    yield next.value.map(({ values }) => ({ text: text === null ? "" : asText[text](values[text]), pixels: (values[image] as Image).data }));
  }
}

/** The folder of these tokens; one of its own for a process that finds another at work in it. */
function claim(folder: string): { folder: string; lock: RunLock; temporary: boolean } {
  makeFolder(folder);
  try {
    return { folder, lock: lockRun(folder), temporary: false };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const own = `${folder}-${process.pid}`;
    return { folder: own, lock: lockRun(own), temporary: true };
  }
}

const stateFile = "state.json";

/** A missing or damaged state is none: the preparation begins anew. */
function readState(folder: string): State | null {
  const path = join(folder, stateFile);
  try {
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as State) : null;
  } catch {
    return null;
  }
}
