// Byte-level tokenizers: the properties every one must have, and what is refused.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTokenizer } from "../../runtime/tokenizers/file/tokenizer.ts";
import { byteLevelStep } from "../../runtime/tokenizers/pre-tokenizers/byte-level.ts";
import { preTokenizer } from "../../runtime/tokenizers/pre-tokenizers/step.ts";
import { bpe } from "../../runtime/tokenizers/bpe.ts";
import { bytes } from "../../runtime/tokenizers/bytes.ts";
import { UserError } from "../../runtime/files/user-error.ts";
import type { Tokenizer } from "../../runtime/tokenizers/define.ts";

const settings = { special: ["<pad>", "<bos>", "<eos>"], sentinels: 5 };
const piecesOf = (text: string): string[] => {
  const pieces: string[] = [];
  preTokenizer([byteLevelStep(false, true)])(text, true, ({ texts }) => pieces.push(...texts));
  return pieces;
};
async function* texts(...list: string[]): AsyncIterable<string> {
  yield* list;
}
const corpus = "It was the best of times, it was the worst of times; it was the age of wisdom…\n".repeat(20);
const byteTokenizer = await bytes.make({ ...settings, vocab: 264 }, texts());
const trained = await bpe.make({ ...settings, vocab: 300 }, texts(corpus, "naïve café 日本語 日本語 🙂🙂"));

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.array(fc.constantFrom(" ", "  ", "\n", "\t", "\u00a0", "\ufeff", "\u0085", "'s", "times", "<pad>", "<X>", "12", "日本", "🙂", "e\u0301", "…"), { maxLength: 60 }).map((parts) => parts.join("")),
);

describe.each([["bytes", byteTokenizer], ["bpe", trained]] as const)("%s", (kind, tokenizer: Tokenizer) => {
  it("decodes what it encodes, whole, in a stream, and with special tokens matched", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const ids = tokenizer.encode(text);
        expect(tokenizer.decode(ids)).toBe(text);
        expect(tokenizer.decode(tokenizer.encode(text, { special: true }), { special: true })).toBe(text);
        const stream = tokenizer.decodeStream();
        const parts = [...ids].map((id) => stream.push(id));
        expect(parts.join("") + stream.end()).toBe(text);
        expect(parts.some((part) => part.includes("\ufffd")) && !text.includes("\ufffd")).toBe(false);
        expect(ids.reduce((sum, id) => sum + tokenizer.bytesOf(id), 0)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it("reads back what it writes, with the same ids, special tokens and sentinels", () => {
    const again = parseTokenizer(tokenizer.json());
    expect(again.kind).toBe(kind);
    expect(again.vocab).toBe(tokenizer.vocab);
    expect(again.sentinels).toEqual(tokenizer.sentinels);
    expect(again.json()).toBe(tokenizer.json());
    fc.assert(fc.property(anyText, (text) => { expect(again.encodeFull(text)).toEqual(tokenizer.encodeFull(text)); }), { numRuns: 30 });
  });

  it("has special tokens after the vocabulary and sentinels after those", () => {
    const first = tokenizer.vocab - 8;
    expect(["pad", "bos", "<eos>", "X", "Y", "Z", "extra_3", "extra_4", "mask"].map((name) => tokenizer.special(name))).toEqual([...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => first + i), null]);
    expect(tokenizer.sentinels).toEqual([3, 4, 5, 6, 7].map((i) => first + i));
    expect(tokenizer.bytesOf(first)).toBe(0);
    expect(tokenizer.text(first)).toBe("<pad>");
    expect(tokenizer.decode([first, ...tokenizer.encode("a"), first + 3])).toBe("a");
    expect([...tokenizer.encode("<pad>", { special: true })]).toEqual([first]);
    expect(tokenizer.encode("<pad>").length).toBeGreaterThan(1);
  });
});

describe("byte-level details", () => {
  it("gives bytes their own ids", () => {
    expect([...byteTokenizer.encode("Aé")]).toEqual([0x41, 0xc3, 0xa9]);
    expect(byteTokenizer.decode([0xc3])).toBe("\ufffd");
    expect(byteTokenizer.text(0xc3)).toBe("<0xC3>");
    expect(byteTokenizer.encodeFull("é🙂").offsets).toEqual([[0, 1], [0, 1], [1, 2], [1, 2], [1, 2], [1, 2]]);
  });

  it("learns tokens that a text repeats and keeps the plan's size", () => {
    expect(trained.vocab).toBe(300);
    expect(trained.encode(" times").length).toBeLessThan(6);
  });

  it("cuts pieces as GPT-2 does", () => {
    expect([...piecesOf("it's  two\n\n words 12! \u0085x\ufeffy")]).toEqual(["it", "'s", " ", " two", "\n\n", " words", " 12", "!", " ", "\u0085", "x", "\ufeff", "y"]);
  });

  it("cuts a long text in segments without moving a piece", () => {
    const words = Array.from({ length: 40_000 }, (_, i) => `${"x".repeat(i % 7)}${[" ", "\n\n ", "  "][i % 3]}`).join("");
    const whole = words.match(/'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu)!;
    expect([...piecesOf(words)]).toEqual(whole);
  });

  it("merges a long piece as it merges a short one", () => {
    const text = "timesworstageofwisdom".repeat(3);
    const long = [...trained.encode(text)];
    // The same rules, one merge at a time over the whole piece.
    const { model } = JSON.parse(trained.json());
    let symbols = [...text];
    for (const [left, right] of model.merges as [string, string][]) {
      const next: string[] = [];
      for (let i = 0; i < symbols.length; i++) next.push(symbols[i] === left && symbols[i + 1] === right ? left + symbols[++i] : symbols[i]);
      symbols = next;
    }
    expect(text.length).toBeGreaterThan(48);
    expect(long.map((id) => trained.text(id))).toEqual(symbols);
  });
});

describe("files that are not supported", () => {
  const codes = (json: string): string[] => {
    try {
      parseTokenizer(json, "t.json");
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.diagnostics.map((item) => `${item.code} ${item.message}`);
    }
  };
  const changed = (change: (root: Record<string, any>) => void): string => {
    const root = JSON.parse(byteTokenizer.json());
    change(root);
    return JSON.stringify(root);
  };

  it.each([
    ["not JSON", "{", /^PT7008 .*not JSON/],
    ["a list", "[]", /^PT7008/],
    ["no model", "{}", /^PT7008 .*no `model`/],
    ["another model", changed((root) => (root.model.type = "WordLevel")), /^PT7009 .*`model` of type "WordLevel"/],
    ["a normaliser", changed((root) => (root.normalizer = { type: "Sequence", normalizers: [{ type: "NFC" }, { type: "ByteLevel" }] })), /^PT7009 .*`normalizer` `ByteLevel`/],
    ["half a rule file", changed((root) => (root.normalizer = { type: "Precompiled", precompiled_charsmap: "AAAA" })), /^PT7009 .*`normalizer` `Precompiled`/],
    ["another pre-tokeniser", changed((root) => (root.pre_tokenizer = { type: "UnicodeScripts" })), /^PT7009 .*`pre_tokenizer` `UnicodeScripts`/],
    ["a step after the bytes", changed((root) => (root.pre_tokenizer = { type: "Sequence", pretokenizers: [{ type: "ByteLevel" }, { type: "Digits" }] })), /^PT7009 .*`Digits` after `ByteLevel`/],
    ["a pattern of another language", changed((root) => (root.pre_tokenizer = { type: "Sequence", pretokenizers: [{ type: "Split", pattern: { Regex: "\\X" }, behavior: "Isolated" }, { type: "ByteLevel" }] })), /^PT7009 .*pattern.*\\X/],
    ["a decoder of sounds", changed((root) => (root.decoder = { type: "CTC" })), /^PT7009 .*`decoder` `CTC`/],
    ["WordPiece without its unknown token", changed((root) => { root.pre_tokenizer = null; root.model = { type: "WordPiece", unk_token: "[UNK]", vocab: { a: 0 } }; }), /^PT7008 .*"\[UNK\]"/],
    ["Unigram without an unknown token", changed((root) => { root.pre_tokenizer = null; root.model = { type: "Unigram", unk_id: null, vocab: [["a", 0]] }; }), /^PT7009 .*unk_id/],
    ["a list that is no vocabulary", changed((root) => { root.pre_tokenizer = null; root.model = { type: "Unigram", unk_id: 0, vocab: ["a"] }; }), /^PT7008 .*token 0/],
    ["dropout", changed((root) => (root.model.dropout = 0.1)), /^PT7009 .*`model.dropout` 0.1/],
    ["a byte missing", changed((root) => delete root.model.vocab.a), /^PT7009 .*1 of the 256 bytes/],
    ["a merge out of the vocabulary", changed((root) => root.model.merges.push(["a", "b"])), /^PT7008 .*"ab"/],
    ["an unknown post-processor", changed((root) => (root.post_processor = { type: "Magic" })), /^PT7009 .*`post_processor` `Magic`/],
  ])("%s", (_, json, expected) => {
    expect(codes(json)).toEqual([expect.stringMatching(expected)]);
  });

  it("applies templates, RoBERTa's processing and prefix spaces", () => {
    const roberta = parseTokenizer(changed((root) => {
      root.pre_tokenizer.add_prefix_space = true;
      root.post_processor = { type: "RobertaProcessing", sep: ["<eos>", 258], cls: ["<bos>", 257], trim_offsets: true, add_prefix_space: true };
    }));
    const { tokens, offsets } = roberta.encodeFull("ab c", "d");
    expect(tokens).toEqual(["<bos>", "Ġ", "a", "b", "Ġ", "c", "<eos>", "<eos>", "Ġ", "d", "<eos>"]);
    expect(offsets[2]).toEqual([0, 1]);
    expect(offsets[5]).toEqual([3, 4]);
    const bert = parseTokenizer(changed((root) => (root.post_processor = { type: "BertProcessing", sep: ["<eos>", 258], cls: ["<bos>", 257] })));
    expect(bert.encodeFull("a", "b")).toMatchObject({ ids: [257, 97, 258, 98, 258], type_ids: [0, 0, 0, 1, 1] });
  });
});
