// The contract of a source format: how files become records.

import type { SourceFacts } from "../../compiler/phases/2-check/vocabulary.ts";
import type { PlanColumn } from "../../compiler/plan/schema.ts";
import type { DataFile } from "../files/resolve.ts";
import type { Lines } from "../files/lines.ts";

/** One file, read lazily and once. What it reads goes into the data's fingerprint. */
export interface SourceFile extends DataFile {
  /** Its text in pieces that never cut a character, decompressed and checked to be UTF-8. */
  readonly text: () => AsyncIterable<string>;
  /** Its bytes in pieces, decompressed. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
  /** Its lines in batches, decompressed; lines that are not UTF-8 are marked. */
  readonly lines: () => AsyncIterable<Lines>;
}

/** A document or a row, or why it is none. `line` counts from 1; rows of binary formats count as lines. */
export type SourceRecord =
  | { readonly file: string; readonly line: number; /** The value of a column as the file has it; undefined where the row has none. */ readonly get: (column: PlanColumn) => unknown }
  | { readonly file: string; readonly line: number; readonly problem: string };

export interface SourceDefinition extends SourceFacts {
  /** The word after `format:`. */
  readonly word: string;
  readonly doc: string;
  /**
   * The records of the files in order, in batches; the files may be larger than the memory, a record may not.
   * Throws UserError where a file cannot be read as this format at all.
   */
  readonly records: (files: readonly SourceFile[], columns: readonly PlanColumn[]) => AsyncIterable<readonly SourceRecord[]>;
}

/** Columns of a format without a table: `text`, and `path`, the name of its file. */
export function ofDocument(path: string, text: string): (column: PlanColumn) => string {
  return ({ column }) => (column === "path" ? path : text);
}

export function defineSource(definition: SourceDefinition): SourceDefinition {
  return definition;
}
