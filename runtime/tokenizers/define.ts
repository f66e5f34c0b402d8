// The contract of tokenizers: what every tokenizer does, and how a kind of the language makes one.

import type { Fields } from "../../grammar/fields.ts";
import type { Padding, Truncation } from "./post/encoding.ts";

/** Lists side by side, as Hugging Face's `Encoding`. Offsets are in Unicode code points, end exclusive, from the start of each text; special tokens that were added are [0, 0]. */
export interface Encoding {
  readonly ids: number[];
  readonly tokens: string[];
  readonly offsets: [number, number][];
  readonly type_ids: number[];
  /** 1 for tokens that the post-processor added. */
  readonly special_tokens_mask: number[];
  /** Number of the pre-tokenized piece in its text; null for tokens that were added. */
  readonly word_ids: (number | null)[];
  /** 0 for the text, 1 for its pair, null for tokens that were added. */
  readonly sequence_ids: (number | null)[];
  /** Further pieces of a text that was cut to a length. */
  readonly overflowing: Encoding[];
}

export interface EncodeOptions {
  /** Whether the post-processor puts its special tokens in; on by default. */
  readonly addSpecialTokens?: boolean;
  /** Whether special tokens that are written in the text are matched; on by default. */
  readonly special?: boolean;
  /** Cuts to a length; what does not fit is `overflowing`. */
  readonly truncation?: Truncation | null;
}

export interface StreamDecoder {
  /** What can be printed after this id: never half a character. */
  readonly push: (id: number) => string;
  /** What is left at the end; an unfinished character becomes U+FFFD. */
  readonly end: () => string;
}

export interface Tokenizer {
  /** `bytes`, `characters`, `bpe`, `wordpiece` or `unigram`. */
  readonly kind: string;
  /** One more than the largest id. */
  readonly vocab: number;
  /**
   * Ids of a text; no special token is added. Text is only text: `<pad>` written in it gives the ids of five characters,
   * unless `special` is on, as prompts and templates want it and Hugging Face always does.
   */
  readonly encode: (text: string, options?: { readonly special?: boolean }) => Int32Array;
  /** As Hugging Face's `encode`: special tokens in the text are matched, the file's post-processor adds its own. */
  readonly encodeFull: (text: string, pair?: string, options?: EncodeOptions) => Encoding;
  /** Ids of a text that is words already, as tagging has it, and the number of each id's word. No special token is added or matched. */
  readonly encodeWords: (words: readonly string[]) => { readonly ids: Int32Array; readonly words: Int32Array };
  /** 1 for each id that begins a word, for whole-word masking. White space belongs to the word after it; a special token is a word. */
  readonly wordStarts: (ids: ArrayLike<number>) => Uint8Array;
  /** Text of ids; bytes that are not UTF-8 become U+FFFD. Special tokens are left out unless `special` is on. */
  readonly decode: (ids: ArrayLike<number>, options?: { readonly special?: boolean }) => string;
  readonly decodeStream: (options?: { readonly special?: boolean }) => StreamDecoder;
  /** Id of `pad`, `eos`, `s_mode` … (with or without `<>`), or of a sentinel `X`, `Y`, `Z`, `extra_3`. */
  readonly special: (name: string) => number | null;
  /** Ids of the sentinels in order of use. */
  readonly sentinels: readonly number[];
  /**
   * How many UTF-8 bytes of text the id stands for; 0 for special tokens, sentinels, the unknown token and unused ids.
   * Where a kind does not keep the text byte for byte it is the text that it decodes to: a space before each word counts.
   */
  readonly bytesOf: (id: number) => number;
  /** How the id is shown to people: its text, `<0xE2>` for bytes that are no whole character, the name of a special token. */
  readonly text: (id: number) => string;
  /** What the file asks for batches; runs have lengths of their own. */
  readonly truncation: Truncation | null;
  readonly padding: Padding | null;
  /** Hugging Face's `tokenizer.json`; `parseTokenizer` reads it back, and so does their library, with the same ids. */
  readonly json: () => string;
}

export interface TokenizerSettings {
  /** Total size: vocabulary, special tokens and sentinels. */
  readonly vocab: number;
  /** Texts of the special tokens in the order of their ids: `<pad>`. */
  readonly special: readonly string[];
  readonly sentinels: number;
  /** Text of the special token `unk`, where there is one. */
  readonly unknown?: string;
  /** What the kind was called with. */
  readonly arguments?: Readonly<Record<string, unknown>>;
}

export interface TokenizerDefinition {
  /** The word after `kind:`. */
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  /** Learned from `trained_on`; the others need no text. */
  readonly trained: boolean;
  /** Names of special tokens that it cannot do without. */
  readonly tokens?: readonly string[];
  /** The smallest `vocab` for this many special tokens and sentinels together; the only one for a kind that is not trained. */
  readonly least: (reserved: number) => number;
  readonly make: (settings: TokenizerSettings, documents: AsyncIterable<string>) => Promise<Tokenizer>;
}

export function defineTokenizer(definition: TokenizerDefinition): TokenizerDefinition {
  return definition;
}

/** `<X>`, `<Y>`, `<Z>`, then `<extra_3>` … (Raffel et al. 2020 write the first three so). */
export function sentinelText(index: number): string {
  return index < 3 ? `<${"XYZ"[index]}>` : `<extra_${index}>`;
}
