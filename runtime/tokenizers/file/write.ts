// Writing Hugging Face's `tokenizer.json`. The library loads it and gives the same ids.

import type { AddedToken } from "../text/added.ts";
import type { Json } from "./json.ts";

/** The parts of a file that a kind decides; what is left out is null. */
export interface FileParts {
  readonly added: readonly AddedToken[];
  readonly normalizer?: Json | null;
  readonly pre_tokenizer: Json | null;
  readonly decoder: Json;
  readonly model: Json;
}

export function tokenizerFile({ added, normalizer, pre_tokenizer, decoder, model }: FileParts): Json {
  return { version: "1.0", truncation: null, padding: null, added_tokens: added.map(addedJson), normalizer: normalizer ?? null, pre_tokenizer, post_processor: null, decoder, model };
}

export function fileText(root: Json, added: readonly AddedToken[]): string {
  return `${JSON.stringify({ ...root, added_tokens: added.map(addedJson) }, null, 2)}\n`;
}

function addedJson({ id, content, single_word, lstrip, rstrip, normalized, special }: AddedToken): Json {
  return { id, content, single_word, lstrip, rstrip, normalized, special };
}

/** `model` of type BPE in the library's order of keys. */
export function bpeJson(model: { readonly unknown?: string; readonly byteFallback?: boolean; readonly vocab: Json; readonly merges: readonly (readonly [string, string])[] }): Json {
  return {
    type: "BPE",
    dropout: null,
    unk_token: model.unknown ?? null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: model.byteFallback ?? false,
    ignore_merges: false,
    vocab: model.vocab,
    merges: model.merges,
  };
}

/** Added tokens stand in the vocabulary too, so that the library gives them the ids that are written. */
export function vocabularyJson(tokens: readonly string[], added: readonly AddedToken[]): Json {
  const texts: (string | undefined)[] = [...tokens];
  for (const token of added) texts[token.id] ??= token.content;
  // Keys that look like whole numbers come first in a JavaScript object whatever the order; ids are values, so nothing is lost.
  return Object.fromEntries(texts.flatMap((text, id) => (text === undefined ? [] : [[text, id]])));
}
