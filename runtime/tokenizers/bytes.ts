// `bytes`: each byte of UTF-8 is a token. Ids 0–255 are the bytes, then the special tokens, then the sentinels.

import { byteToCharacter } from "./byte-level/alphabet.ts";
import { reservedTokens } from "./byte-level/reserved.ts";
import { byteLevelTokenizer } from "./byte-level/tokenizer.ts";
import { defineTokenizer } from "./define.ts";

export const bytes = defineTokenizer({
  word: "bytes",
  doc: "Each byte of the UTF-8 text is a token; nothing is learned.",
  parameters: {},
  trained: false,
  least: (reserved) => 256 + reserved,
  async make({ special, sentinels }) {
    return byteLevelTokenizer({
      kind: "bytes",
      vocab: byteToCharacter,
      merges: [],
      added: reservedTokens(special, sentinels, 256),
      prefixSpace: false,
      regex: false,
      ignoreMerges: false,
      post: [],
    });
  },
});
