// `bytes`: each byte of UTF-8 is a token. Ids 0–255 are the bytes, then the special tokens, then the sentinels.

import { defineTokenizer } from "./define.ts";
import { tokenizerOfFile } from "./file/tokenizer.ts";
import { bpeJson, tokenizerFile, vocabularyJson } from "./file/write.ts";
import { byteToCharacter } from "./text/byte-alphabet.ts";
import { reservedTokens } from "./training/reserved.ts";

export const bytes = defineTokenizer({
  word: "bytes",
  doc: "Each byte of the UTF-8 text is a token; nothing is learned.",
  parameters: {},
  trained: false,
  least: (reserved) => 256 + reserved,
  async make({ special, sentinels }) {
    const added = reservedTokens(special, sentinels, 256);
    // BPE without merges, whose vocabulary has the byte's character at the byte's id.
    const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
    return tokenizerOfFile(tokenizerFile({ added, pre_tokenizer: byteLevel, decoder: byteLevel, model: bpeJson({ vocab: vocabularyJson(byteToCharacter, added), merges: [] }) }));
  },
});
