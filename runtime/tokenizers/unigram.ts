// `unigram(vocab: n)`: pieces with probabilities; a text is its likeliest segmentation (Kudo 2018; T5, XLM-R).
// Ids: pieces by probability, special tokens, sentinels. White space becomes single spaces and `▁`, characters their NFKC forms, as in T5's file.

import { defineTokenizer } from "./define.ts";
import { tokenizerOfFile } from "./file/tokenizer.ts";
import { tokenizerFile } from "./file/write.ts";
import { unusedPiece } from "./models/unigram.ts";
import { byScript, countPieces } from "./training/count.ts";
import { reservedTokens } from "./training/reserved.ts";
import { trainUnigram } from "./training/unigram.ts";

export const unigram = defineTokenizer({
  word: "unigram",
  doc: "Pieces with probabilities, `▁` for spaces; a text is its likeliest segmentation.",
  parameters: {
    vocab: { type: { type: "integer", minimum: 1 }, doc: "Size of the whole vocabulary: pieces, special tokens and sentinels.", required: true },
  },
  trained: true,
  tokens: ["unk"],
  least: (reserved) => 1 + reserved,
  async make({ vocab, special, sentinels, unknown }, documents) {
    const room = vocab - special.length - sentinels;
    const added = reservedTokens(special, sentinels, room);
    const normalizer = { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Replace", pattern: { Regex: "\\s+" }, content: " " }] };
    const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
    const learned = trainUnigram(await countPieces(documents, { normalizer, pre_tokenizer: byScript(metaspace) }), room);
    const least = learned.at(-1)?.score ?? 0;
    const filler = Array.from({ length: room - learned.length }, (_, i): [string, number] => [unusedPiece(i), least]);
    const pieces = [...learned.map(({ text, score }): [string, number] => [text, score]), ...filler, ...added.map(({ content }): [string, number] => [content, 0])];
    const model = { type: "Unigram", unk_id: added.find(({ content }) => content === unknown)?.id ?? null, vocab: pieces, byte_fallback: false };
    return tokenizerOfFile(tokenizerFile({ added, normalizer, pre_tokenizer: metaspace, decoder: metaspace, model }));
  },
});
