// The documents of a plan's source: files found, read once, split, hashed.

import { createHash } from "node:crypto";
import { unreadableFormat } from "../../grammar/diagnostics/PT7007-unreadable-format.ts";
import { unreadableFile } from "../../grammar/diagnostics/PT7004-unreadable-file.ts";
import { resolveFiles } from "../files/resolve.ts";
import { readBytes, readText } from "../files/text.ts";
import { fileError } from "../files/user-error.ts";
import { sources } from "../sources/index.ts";
import { documentsOfPart, stretchOfPart } from "./split.ts";
import type { Hash } from "node:crypto";
import type { PlanSource } from "../../compiler/plan/schema.ts";
import type { DataFile } from "../files/resolve.ts";
import type { SourceDefinition } from "../sources/define.ts";

export interface Progress { readonly what: "reading" | "training tokenizer" | "encoding"; readonly files: number; readonly of: number }

export interface DocumentOptions {
  /** Folder that the patterns are relative to: that of the `.pt` file. */
  readonly base: string;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
  /** What the documents are read for, in progress. */
  readonly what?: Progress["what"];
}

export interface SourceSummary {
  readonly files: number;
  /** Documents of the whole source, whatever the part. */
  readonly documents: number;
  /** sha256 over names and contents of all files, hexadecimal. Names are relative, so it is the same on every machine. */
  readonly fingerprint: string;
}

/** Calls `visit` with each document of the source's part, in order. Throws UserError. */
export async function readDocuments(source: PlanSource, options: DocumentOptions, visit: (document: string) => void): Promise<SourceSummary> {
  const format = formatOf(source);
  const files = await resolveFiles(source.files, options.base);
  const { split, part } = source;
  if (split === null || part === null) return scan(files, format, options, visit);
  if (split.by === "position") {
    return scan(files, format, options, (document) => {
      const [start, end] = stretchOfPart(document, split.parts, part);
      if (end > start) visit(document.slice(start, end));
    });
  }
  // Which documents belong to a part depends on how many there are, so they are counted first.
  const { documents, fingerprint } = await scan(files, format, { ...options, what: "reading" }, () => {});
  const wanted = documentsOfPart(documents, split.parts, part, source.files.join(", "));
  let number = 0;
  let next = 0;
  const summary = await scan(files, format, options, (document) => {
    if (number++ !== wanted[next]) return;
    next++;
    visit(document);
  });
  if (summary.fingerprint !== fingerprint) throw fileError(unreadableFile, source.files.join(", "), { file: source.files.join(", "), reason: "it changed while it was read" });
  return summary;
}

/** Only the summary: what has to be known to see whether anything changed. */
export function fingerprintOf(source: PlanSource, options: DocumentOptions): Promise<SourceSummary> {
  return readDocuments({ ...source, split: null, part: null }, { ...options, what: "reading" }, () => {});
}

async function scan(files: readonly DataFile[], format: SourceDefinition, { signal, progress, what = "reading" }: DocumentOptions, visit: (document: string) => void): Promise<SourceSummary> {
  const total = createHash("sha256");
  let documents = 0;
  for (const [index, file] of files.entries()) {
    const hash = createHash("sha256");
    for await (const document of format.documents(open(file, hash))) {
      signal?.throwIfAborted();
      documents++;
      visit(document);
    }
    total.update(`${file.name}\0${hash.digest("hex")}\n`);
    progress?.({ what, files: index + 1, of: files.length });
  }
  return { files: files.length, documents, fingerprint: total.digest("hex") };
}

function open(file: DataFile, hash: Hash): DataFile & { text: () => AsyncIterable<string>; bytes: () => AsyncIterable<Uint8Array> } {
  return { ...file, text: () => readText(file, hash), bytes: () => readBytes(file, hash) };
}

function formatOf(source: PlanSource): SourceDefinition {
  const known: Readonly<Record<string, SourceDefinition>> = sources;
  if (!Object.hasOwn(known, source.format)) throw fileError(unreadableFormat, source.files.join(", "), { format: source.format, formats: Object.keys(known) });
  return known[source.format];
}
