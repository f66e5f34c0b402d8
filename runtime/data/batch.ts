// A source and a tokenizer as examples. The example number is the whole position in the data: resuming needs nothing else.

import { emptyData } from "../../grammar/diagnostics/PT7006-empty-data.ts";
import { fileError } from "../files/user-error.ts";
import { readDocuments } from "./documents.ts";
import { emptyFields, fillRow, makeWindows } from "./pack.ts";
import { permutation } from "./shuffle.ts";
import { tokenStoreBuilder } from "./store.ts";
import type { PlanSource } from "../../compiler/plan/schema.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import type { DocumentOptions } from "./documents.ts";
import type { Fields } from "./pack.ts";

/** Rows of [examples, length]. `tokens`, `targets` (the next token), `weights` (1 where the target counts), `positions`, `real` (0: padding), `documents` (−1: padding). */
export interface Batch extends Fields {
  readonly examples: number;
  readonly length: number;
  /** Sum of the weights. */
  readonly count: number;
  /** UTF-8 bytes that the counted targets stand for. */
  readonly bytes: number;
}

export interface Dataset {
  /** Examples of one epoch. */
  readonly examples: number;
  readonly length: number;
  /** Counted targets of one epoch. */
  readonly tokens: number;
  /** UTF-8 bytes of those targets. */
  readonly bytes: number;
  /** sha256 over the names and contents of the source's files. */
  readonly fingerprint: string;
  /** Examples first … first + count − 1 in training order: number n is in epoch ⌊n / examples⌋, each epoch in an order of its own. */
  readonly batch: (first: number, count: number) => Batch;
  /** In the order of the text, for evaluation; rows past the end are padding that counts nothing. */
  readonly ordered: (first: number, count: number) => Batch;
}

export interface DatasetOptions extends DocumentOptions {
  /** Positions of the model, T. */
  readonly length: number;
  readonly pack: boolean;
  readonly seed: number;
}

/** Reads, encodes and cuts a source. `<bos>` and `<eos>` are put around each document where the tokenizer has them. Throws UserError (PT70xx). */
export async function openDataset(source: PlanSource, tokenizer: Tokenizer, options: DatasetOptions): Promise<Dataset> {
  const { length, seed } = options;
  const before = tokenizer.special("bos");
  const after = tokenizer.special("eos");
  const pad = tokenizer.special("pad") ?? 0;
  const builder = tokenStoreBuilder(tokenizer.vocab);
  const summary = await readDocuments(source, { what: "encoding", ...options }, (document) => builder.add(tokenizer.encode(document), before, after));
  const store = builder.finish();
  const windows = makeWindows(store, length, options.pack);
  if (windows.examples === 0) throw fileError(emptyData, source.files.join(", "), { files: summary.files, documents: summary.documents, part: source.part });
  const bytesOf = Int32Array.from({ length: tokenizer.vocab }, (_, id) => tokenizer.bytesOf(id));

  const make = (count: number, exampleOf: (row: number) => number): Batch => {
    const fields = emptyFields(count, length, pad);
    for (let row = 0; row < count; row++) {
      const example = exampleOf(row);
      if (example < windows.examples) fillRow(fields, row, store, windows, example, length);
    }
    let counted = 0;
    let bytes = 0;
    for (let i = 0; i < fields.weights.length; i++) {
      if (fields.weights[i] === 0) continue;
      counted++;
      bytes += bytesOf[fields.targets[i]];
    }
    return { ...fields, examples: count, length, count: counted, bytes };
  };

  let total = 0;
  for (let piece = 0; piece < windows.starts.length; piece++) {
    for (let i = 1; i <= windows.lengths[piece]; i++) total += bytesOf[store.ids[windows.starts[piece] + i]];
  }
  const orders = new Map<number, (index: number) => number>();
  const orderOf = (epoch: number): ((index: number) => number) => {
    let order = orders.get(epoch);
    if (order === undefined) {
      orders.clear();
      orders.set(epoch, (order = permutation(windows.examples, seed, epoch)));
    }
    return order;
  };
  return {
    examples: windows.examples,
    length,
    tokens: windows.targets,
    bytes: total,
    fingerprint: summary.fingerprint,
    batch: (first, count) => make(count, (row) => orderOf(Math.floor((first + row) / windows.examples))((first + row) % windows.examples)),
    ordered: (first, count) => make(count, (row) => first + row),
  };
}
