// `bpe(vocab: n)`: byte-level byte pair encoding (Sennrich et al. 2016; over bytes: Radford et al. 2019), as Hugging Face's
// `ByteLevelBPETokenizer` trains it. Ids: the 256 bytes, the merges in order, special tokens, sentinels; `vocab` is the total.

import { reservedTokens } from "./byte-level/reserved.ts";
import { byteLevelTokenizer } from "./byte-level/tokenizer.ts";
import { countPieces, trainMerges } from "./byte-level/train.ts";
import { defineTokenizer } from "./define.ts";

/** A pair that occurs once is no regularity; the library's own default for byte-level BPE. */
const minimumFrequency = 2;

export const bpe = defineTokenizer({
  word: "bpe",
  doc: "Byte-level byte pair encoding: the most frequent pairs of tokens become tokens, starting from the 256 bytes.",
  parameters: {
    vocab: { type: { type: "integer", minimum: 256 }, doc: "Size of the whole vocabulary: bytes, merged tokens, special tokens and sentinels.", required: true },
  },
  trained: true,
  least: (reserved) => 256 + reserved,
  async make({ vocab, special, sentinels }, documents) {
    const pieces = new Map<string, number>();
    for await (const document of documents) countPieces(pieces, document);
    const reserved = special.length + sentinels;
    const trained = trainMerges(pieces, vocab - reserved, minimumFrequency);
    // The special tokens keep the ids that the plan gives them, even where the text taught fewer tokens than asked.
    return byteLevelTokenizer({
      kind: "bpe",
      vocab: trained.vocab,
      merges: trained.merges,
      added: reservedTokens(special, sentinels, vocab - reserved),
      prefixSpace: false,
      regex: true,
      ignoreMerges: false,
      post: [],
    });
  },
});
