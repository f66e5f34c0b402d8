// `wordpiece(vocab: n)`: words in pieces, those inside a word marked `##` (Wu et al. 2016; BERT, Devlin et al. 2018).
// Trained as the `tokenizers` library does it, by the most frequent pairs, but with its ties settled as for `bpe`.

import { defineTokenizer } from "./define.ts";
import { tokenizerOfFile } from "./file/tokenizer.ts";
import { tokenizerFile, vocabularyJson } from "./file/write.ts";
import { alphabetOf, byCodePoint, countPieces } from "./training/count.ts";
import { trainMerges } from "./training/merges.ts";
import { reservedTokens } from "./training/reserved.ts";

const prefix = "##";
const minimumFrequency = 2;
/** BERT's limit: a longer word is unknown. */
const longestWord = 100;

export const wordpiece = defineTokenizer({
  word: "wordpiece",
  doc: "Words in pieces, `##` before those inside a word, with BERT's normalizer.",
  parameters: {
    vocab: { type: { type: "integer", minimum: 1 }, doc: "Size of the whole vocabulary: characters, merged tokens, special tokens and sentinels.", required: true },
    lowercase: { type: { type: "switch" }, doc: "Drop case and accents, as `bert-base-uncased`.", default: "on" },
  },
  trained: true,
  tokens: ["unk"],
  least: (reserved) => 1 + reserved,
  async make({ vocab, special, sentinels, unknown, arguments: given }, documents) {
    const room = vocab - special.length - sentinels;
    const added = reservedTokens(special, sentinels, room);
    const normalizer = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: given?.lowercase !== false };
    const pre_tokenizer = { type: "BertPreTokenizer" };
    const pieces = await countPieces(documents, { normalizer, pre_tokenizer });
    const symbols = (piece: string): string[] => Array.from(piece, (character, i) => (i === 0 ? character : prefix + character));
    // A word needs its characters both ways; half of the room at most goes to them.
    const characters = new Set(alphabetOf(pieces, Math.ceil(room / 2)));
    const alphabet = new Set<string>();
    for (const piece of pieces.keys()) symbols(piece).forEach((symbol) => characters.has(symbol.replace(/^##(?=.)/su, "")) && alphabet.add(symbol));
    const ordered = [...alphabet].sort((a, b) => Number(a.startsWith(prefix)) - Number(b.startsWith(prefix)) || byCodePoint(a.replace(prefix, ""), b.replace(prefix, ""))).slice(0, room);
    const trained = trainMerges(pieces, { alphabet: ordered, symbols, prefix }, room, minimumFrequency);
    const model = { type: "WordPiece", unk_token: unknown, continuing_subword_prefix: prefix, max_input_chars_per_word: longestWord, vocab: vocabularyJson(trained.vocab, added) };
    return tokenizerOfFile(tokenizerFile({ added, normalizer, pre_tokenizer, decoder: { type: "WordPiece", prefix, cleanup: true }, model }));
  },
});
