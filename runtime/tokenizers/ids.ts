// `ids`: text is token ids already, written as numbers: `12 7 30`. For synthetic data and for data that was tokenized elsewhere.

import { notIds } from "../../grammar/diagnostics/PT7056-not-ids.ts";
import { fileError } from "../files/user-error.ts";
import { defineTokenizer, sentinelText, type StreamDecoder, type Tokenizer } from "./define.ts";

export const ids = defineTokenizer({
  word: "ids",
  doc: "The text is token ids already, whole numbers with spaces between them; nothing is learned.",
  parameters: { vocab: { type: { type: "integer", minimum: 1 }, doc: "number of ids, special tokens and sentinels included, which come last", required: true } },
  trained: false,
  least: (reserved) => 1 + reserved,
  make: async ({ vocab, special, sentinels }) => idsTokenizer(vocab - special.length - sentinels, [...special, ...Array.from({ length: sentinels }, (_, i) => sentinelText(i))], sentinels),
});

/** `reserved`: texts of the ids from `count` on, of which the last are sentinels. */
export function idsTokenizer(count: number, reserved: readonly string[], sentinels: number): Tokenizer {
  const vocab = count + reserved.length;
  const name = (id: number): string => reserved[id - count] ?? String(id);
  const isText = (id: number): boolean => id < count;
  const encode: Tokenizer["encode"] = (text, { special = false } = {}) =>
    Int32Array.from(text.split(/\s+/u).filter((word) => word !== ""), (word) => {
      const known = special ? reserved.indexOf(word) : -1;
      if (known >= 0) return count + known;
      const id = /^\d{1,9}$/.test(word) ? Number(word) : -1;
      if (id < 0 || id >= count) throw fileError(notIds, "", { word, below: count });
      return id;
    });
  const decode: Tokenizer["decode"] = (all, { special = false } = {}) => Array.from(all).filter((id) => special || isText(id)).map(name).join(" ");
  return {
    kind: "ids",
    vocab,
    encode,
    encodeFull(text, pair, options) {
      const texts = pair === undefined ? [text] : [text, pair];
      const parts = texts.flatMap((one, sequence) => [...one.matchAll(/\S+/gu)].map((match, word) => {
        const at = [...one.slice(0, match.index)].length;
        return { id: encode(match[0], { special: true })[0], at, end: at + match[0].length, word, sequence };
      }));
      const whole = {
        ids: parts.map(({ id }) => id), tokens: parts.map(({ id }) => name(id)), offsets: parts.map(({ at, end }): [number, number] => [at, end]), type_ids: parts.map(({ sequence }) => sequence),
        special_tokens_mask: parts.map(() => 0), word_ids: parts.map(({ word }) => word), sequence_ids: parts.map(({ sequence }) => sequence), overflowing: [],
      };
      // Cut at the end, whatever the strategy: documents of ids have no pairs.
      const most = options?.truncation?.max_length ?? parts.length;
      const cut = <T>(list: T[]): T[] => list.slice(0, most);
      return { ...whole, ids: cut(whole.ids), tokens: cut(whole.tokens), offsets: cut(whole.offsets), type_ids: cut(whole.type_ids), special_tokens_mask: cut(whole.special_tokens_mask), word_ids: cut(whole.word_ids), sequence_ids: cut(whole.sequence_ids) };
    },
    encodeWords: (words) => ({ ids: Int32Array.from(words, (word) => encode(word)[0]), words: Int32Array.from(words, (_, i) => i) }),
    wordStarts: (all) => new Uint8Array(all.length).fill(1),
    decode,
    decodeStream({ special = false } = {}): StreamDecoder {
      // What is generated goes on after a prompt: a space stands before each id.
      return { push: (id) => (special || isText(id) ? ` ${name(id)}` : ""), end: () => "" };
    },
    special(wanted) {
      const at = reserved.indexOf(wanted.startsWith("<") ? wanted : `<${wanted}>`);
      return at < 0 ? null : count + at;
    },
    sentinels: Array.from({ length: sentinels }, (_, i) => vocab - sentinels + i),
    // The number's digits: what stands for one id in the text, without the space.
    bytesOf: (id) => (isText(id) ? String(id).length : 0),
    text: name,
    truncation: null,
    padding: null,
    json: () => JSON.stringify({
      version: "1.0",
      added_tokens: reserved.map((content, i) => ({ id: count + i, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false })),
      pre_tokenizer: { type: "WhitespaceSplit" },
      model: { type: "WordLevel", vocab: Object.fromEntries(Array.from({ length: count }, (_, id) => [String(id), id])), unk_token: "<unk>" },
    }),
  };
}

/** Reads back what `json` writes; null for any other `tokenizer.json`. */
export function idsFromJson(text: string): Tokenizer | null {
  if (!text.includes('"WordLevel"')) return null;
  const { model, added_tokens = [] } = JSON.parse(text) as { model?: { type?: string; vocab?: Record<string, number> }; added_tokens?: { id: number; content: string }[] };
  const words = Object.entries(model?.vocab ?? {});
  if (model?.type !== "WordLevel" || words.some(([word, id]) => word !== String(id))) return null;
  const reserved = [...added_tokens].sort((a, b) => a.id - b.id).map(({ content }) => content);
  const sentinels = new Set(Array.from({ length: reserved.length }, (_, i) => sentinelText(i)));
  return idsTokenizer(words.length, reserved, reserved.filter((content) => sentinels.has(content)).length);
}
