// The contract of a source format: how one file becomes documents.

import type { DataFile } from "../files/resolve.ts";

/** One file, read lazily and once. What it reads goes into the data's fingerprint. */
export interface SourceFile extends DataFile {
  /** Its text in pieces that never cut a character, decompressed and checked to be UTF-8. */
  readonly text: () => AsyncIterable<string>;
  /** Its bytes in pieces, decompressed; for binary formats. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

export interface SourceDefinition {
  /** The word after `format:`. */
  readonly word: string;
  readonly doc: string;
  /** The documents of a file in order; it may be larger than the memory, a document may not. */
  readonly documents: (file: SourceFile) => AsyncIterable<string>;
}

export function defineSource(definition: SourceDefinition): SourceDefinition {
  return definition;
}
