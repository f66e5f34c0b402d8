// `characters(vocab: n)`: each character of the training text is a token, in code point order; then special tokens, then sentinels.
// Where more occur than fit, the most frequent are kept; the others, and those never seen, are `<unk>`.

import { defineTokenizer } from "./define.ts";
import { tokenizerOfFile } from "./file/tokenizer.ts";
import { bpeJson, tokenizerFile, vocabularyJson } from "./file/write.ts";
import { countCharacters, mostFrequent } from "./training/count.ts";
import { reservedTokens } from "./training/reserved.ts";

export const characters = defineTokenizer({
  word: "characters",
  doc: "Each character of the training text is a token; others are `<unk>`.",
  parameters: {
    vocab: { type: { type: "integer", minimum: 1 }, doc: "Size of the whole vocabulary: the most frequent characters, special tokens and sentinels.", required: true },
  },
  trained: true,
  tokens: ["unk"],
  least: (reserved) => 1 + reserved,
  async make({ vocab, special, sentinels, unknown }, documents) {
    const room = vocab - special.length - sentinels;
    const added = reservedTokens(special, sentinels, room);
    const counts = new Map<string, number>();
    for await (const document of documents) countCharacters(counts, document);
    const model = bpeJson({ unknown, vocab: vocabularyJson(mostFrequent(counts, room), added), merges: [] });
    return tokenizerOfFile(tokenizerFile({ added, pre_tokenizer: null, decoder: { type: "Fuse" }, model }));
  },
});
