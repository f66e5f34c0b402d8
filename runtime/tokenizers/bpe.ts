// `bpe(vocab: n)`: byte pair encoding (Sennrich et al. 2016). Ids: the alphabet, the merges in order, special tokens, sentinels; `vocab` is the total.
// `form: byte_level`: over the 256 bytes, as Hugging Face's `ByteLevelBPETokenizer` trains it (Radford et al. 2019).
// `form: metaspace`: over characters with `▁` for spaces, as Llama 2's file has it (Kudo and Richardson 2018); characters that
// the text did not show, or that do not fit, are spelled in 256 byte tokens, which come first.

import { defineTokenizer } from "./define.ts";
import { tokenizerOfFile } from "./file/tokenizer.ts";
import { bpeJson, tokenizerFile, vocabularyJson } from "./file/write.ts";
import { byteToken } from "./models/bpe.ts";
import { alphabetOf, byScript, countPieces } from "./training/count.ts";
import { byteSpelling, trainMerges } from "./training/merges.ts";
import { reservedTokens } from "./training/reserved.ts";
import type { Tokenizer, TokenizerSettings } from "./define.ts";

/** A pair that occurs once is no regularity; the library's own default for byte-level BPE. */
const minimumFrequency = 2;

export const bpe = defineTokenizer({
  word: "bpe",
  doc: "Byte pair encoding: the most frequent pairs of tokens become tokens, starting from bytes or characters.",
  parameters: {
    vocab: { type: { type: "integer", minimum: 256 }, doc: "Size of the whole vocabulary: bytes or characters, merged tokens, special tokens and sentinels.", required: true },
    form: {
      type: { type: "choice", words: { byte_level: "over the 256 bytes, as GPT-2", metaspace: "over characters with `▁` for spaces and bytes for what is rare, as Llama 2" } },
      doc: "What pairs are made of.",
      default: "byte_level",
    },
  },
  trained: true,
  least: (reserved) => 256 + reserved,
  make: (settings, documents) => (settings.arguments?.form === "metaspace" ? metaspace(settings, documents) : byteLevel(settings, documents)),
});

async function byteLevel({ vocab, special, sentinels }: TokenizerSettings, documents: AsyncIterable<string>): Promise<Tokenizer> {
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const room = vocab - special.length - sentinels;
  const trained = trainMerges(await countPieces(documents, { pre_tokenizer: byteLevel }), byteSpelling, room, minimumFrequency);
  // The special tokens keep the ids that the plan gives them, even where the text taught fewer tokens than asked.
  const added = reservedTokens(special, sentinels, room);
  return tokenizerOfFile(tokenizerFile({ added, pre_tokenizer: byteLevel, decoder: byteLevel, model: bpeJson({ vocab: vocabularyJson(trained.vocab, added), merges: trained.merges }) }));
}

async function metaspace({ vocab, special, sentinels }: TokenizerSettings, documents: AsyncIterable<string>): Promise<Tokenizer> {
  const room = vocab - special.length - sentinels;
  const normalizer = { type: "Sequence", normalizers: [{ type: "Prepend", prepend: "▁" }, { type: "Replace", pattern: { String: " " }, content: "▁" }] };
  // Words with their `▁`; a line end is a piece of its own.
  const pre_tokenizer = { type: "Split", pattern: { Regex: "\\n|▁?[^▁\\n]+|▁" }, behavior: "Isolated", invert: false };
  const bytes = Array.from({ length: 256 }, (_, byte) => byteToken(byte));
  const pieces = await countPieces(documents, { normalizer, pre_tokenizer: byScript(pre_tokenizer) });
  const alphabet = alphabetOf(pieces, room - bytes.length);
  const trained = trainMerges(pieces, { alphabet, symbols: (piece) => [...piece], prefix: "" }, room - bytes.length, minimumFrequency);
  const added = reservedTokens(special, sentinels, room);
  const decoder = {
    type: "Sequence",
    decoders: [{ type: "Replace", pattern: { String: "▁" }, content: " " }, { type: "ByteFallback" }, { type: "Fuse" }, { type: "Strip", content: " ", start: 1, stop: 0 }],
  };
  return tokenizerOfFile(
    tokenizerFile({ added, normalizer, pre_tokenizer, decoder, model: bpeJson({ byteFallback: true, vocab: vocabularyJson([...bytes, ...trained.vocab], added), merges: trained.merges }) }),
  );
}
