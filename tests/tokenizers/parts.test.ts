// Parts of `tokenizer.json` by values from the library's rules: patterns, normalizers with their alignment, added tokens, cutting.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNormalizer } from "../../runtime/tokenizers/file/read-normalizer.ts";
import { readPreTokenizer } from "../../runtime/tokenizers/file/read-pre-tokenizer.ts";
import { reportFor } from "../../runtime/tokenizers/file/json.ts";
import { preTokenizer } from "../../runtime/tokenizers/pre-tokenizers/step.ts";
import { stretches } from "../../runtime/tokenizers/text/aligned.ts";
import { addedMatcher } from "../../runtime/tokenizers/text/added.ts";
import { graphemes } from "../../runtime/tokenizers/text/graphemes.ts";
import { translateRegex } from "../../runtime/tokenizers/text/regex.ts";
import type { Json } from "../../runtime/tokenizers/file/json.ts";

describe("patterns of Oniguruma", () => {
  const matches = (pattern: string, text: string): string[] => {
    const regex = translateRegex(pattern);
    if (!(regex instanceof RegExp)) throw new Error(regex.problem);
    return text.match(regex) ?? [];
  };
  it.each([
    ["(?i:'s|'t)|\\p{L}+", "a'S b't", ["a", "'S", "b", "'t"]],
    ["(?i)ab|c", "AB C", ["AB", "C"]],
    ["\\s+(?!\\S)|\\s+", "a  b", [" ", " "]],
    ["\\s", "\u0085\ufeff ", ["\u0085", " "]],
    ["[^\\r\\n\\p{L}]?\\p{L}+", "!ab\ncd", ["!ab", "cd"]],
    ["\\p{N}{1,3}", "12345", ["123", "45"]],
    ["a++a|b", "aab", ["b"]],
    ["(?>a*)b", "aab", ["aab"]],
    ["\\p{Han}+|\\p{^Han}", "日本x", ["日本", "x"]],
    ["[[:punct:]\\d]", "a!1", ["!", "1"]],
    ["\\x41|\\u0042", "ABC", ["A", "B"]],
    ["^a.$", "xa\nab\n", ["ab"]],
    ["[a-c]", "aBc", ["a", "c"]],
    ["\\w+", "ab_1é-", ["ab_1é"]],
    [" {2,}", "a   b", ["   "]],
  ])("%s", (pattern, text, expected) => {
    expect(matches(pattern, text)).toEqual(expected);
  });
  it.each([["\\X"], ["(?x) a"], ["[a&&b]"], ["a)"], ["(a"], ["[a"], ["\\p{Nothing}"]])("refuses %s", (pattern) => {
    expect(translateRegex(pattern)).toHaveProperty("problem");
  });
});

describe("normalizers and where their text came from", () => {
  const normalize = (part: Json, text: string): [string, number[][]] => {
    const normalizer = readNormalizer(part, reportFor("t.json"))!;
    const aligned = normalizer.align({ text, starts: null, ends: null });
    expect(aligned.text).toBe(normalizer.apply(text));
    const { starts, ends } = stretches(aligned);
    expect(starts).toHaveLength(aligned.text.length);
    return [aligned.text, Array.from(starts, (start, i) => [start, ends[i]])];
  };
  it("composes onto the first character and decomposes within it", () => {
    expect(normalize({ type: "NFC" }, "e\u0301x")).toEqual(["\u00e9x", [[0, 1], [2, 3]]]);
    expect(normalize({ type: "NFD" }, "\u00e9x")).toEqual(["e\u0301x", [[0, 1], [0, 1], [1, 2]]]);
    expect(normalize({ type: "NFKC" }, "ﬁx")).toEqual(["fix", [[0, 1], [0, 1], [1, 2]]]);
    expect(normalize({ type: "NFC" }, "a\u0301\u0323")).toEqual(["\u1ea1\u0301", [[0, 1], [2, 3]]]);
  });
  it("follows BERT's rules", () => {
    expect(normalize({ type: "BertNormalizer" }, "É中\tx\u0000")).toEqual(["e 中  x", [[0, 1], [1, 2], [1, 2], [1, 2], [2, 3], [3, 4]]]);
    expect(normalize({ type: "BertNormalizer", strip_accents: false }, "É")).toEqual(["é", [[0, 1]]]);
    expect(normalize({ type: "BertNormalizer", lowercase: false }, "É")).toEqual(["É", [[0, 1]]]);
  });
  it("lowers each character by itself", () => {
    expect(normalize({ type: "Lowercase" }, "İΣ🙂")).toEqual(["i̇σ🙂", [[0, 1], [0, 1], [1, 2], [2, 4], [2, 4]]]);
  });
  it("prepends, replaces and strips", () => {
    expect(normalize({ type: "Prepend", prepend: "▁" }, "🙂b")).toEqual(["▁🙂b", [[0, 2], [0, 2], [0, 2], [2, 3]]]);
    expect(normalize({ type: "Prepend", prepend: "▁" }, "")).toEqual(["", []]);
    expect(normalize({ type: "Replace", pattern: { Regex: "\\s+" }, content: "__" }, "a \n b")).toEqual(["a__b", [[0, 1], [3, 4], [3, 4], [4, 5]]]);
    expect(normalize({ type: "Replace", pattern: { String: "." }, content: "" }, "a.b")).toEqual(["ab", [[0, 1], [2, 3]]]);
    expect(normalize({ type: "Strip", strip_left: true, strip_right: true }, " \na b ")).toEqual(["a b", [[2, 3], [3, 4], [4, 5]]]);
  });
  it("reads SentencePiece's compiled rules", () => {
    // A double array for one key, "Ａ" (EF BC A1), by hand: unit = label | leaf bit 8 | offset << 10.
    const trie = new Uint32Array(2048);
    const node = (label: number, offset: number, leaf = false): number => label | (leaf ? 256 : 0) | (offset << 10);
    trie[0] = node(0, 256);
    const first = 256 ^ 0xef;
    trie[first] = node(0xef, 512 ^ first);
    const second = 512 ^ 0xbc;
    trie[second] = node(0xbc, 1024 ^ second);
    const third = 1024 ^ 0xa1;
    const leaf = 768 ^ 0x55;
    trie[third] = node(0xa1, leaf ^ third, true);
    trie[leaf] = 0;
    const size = Buffer.alloc(4);
    size.writeUInt32LE(trie.byteLength);
    const rules = Buffer.concat([size, Buffer.from(trie.buffer), Buffer.from("aa\0")]).toString("base64");
    expect(normalize({ type: "Precompiled", precompiled_charsmap: rules }, "xＡy")).toEqual(["xaay", [[0, 1], [1, 2], [1, 2], [2, 3]]]);
  });
});

describe("pre-tokenizers", () => {
  const cut = (part: Json, text: string): string[] => {
    const pieces: string[] = [];
    preTokenizer(readPreTokenizer(part, reportFor("t.json")).steps)(text, true, ({ texts }) => pieces.push(...texts));
    return pieces;
  };
  it.each([
    [{ type: "Whitespace" }, "a-b  c_d!", ["a", "-", "b", "c_d", "!"]],
    [{ type: "WhitespaceSplit" }, " a-b\u00a0c ", ["a-b", "c"]],
    [{ type: "BertPreTokenizer" }, "it's $5…", ["it", "'", "s", "$", "5", "…"]],
    [{ type: "Digits", individual_digits: true }, "a12b", ["a", "1", "2", "b"]],
    [{ type: "Digits", individual_digits: false }, "a12b", ["a", "12", "b"]],
    [{ type: "Punctuation", behavior: "Contiguous" }, "a..b.", ["a", "..", "b", "."]],
    [{ type: "Metaspace", replacement: "▁", prepend_scheme: "always" }, "a  b", ["▁a", "▁", "▁b"]],
    [{ type: "Metaspace", replacement: "▁", prepend_scheme: "never", split: false }, "a b", ["a▁b"]],
    [{ type: "Split", pattern: { String: "-" }, behavior: "MergedWithPrevious" }, "a--b-", ["a-", "-", "b-"]],
    [{ type: "Split", pattern: { String: "-" }, behavior: "MergedWithNext" }, "-a--b", ["-a", "-", "-b"]],
    [{ type: "Split", pattern: { Regex: "\\w+" }, behavior: "Removed", invert: true }, "a, b", ["a", "b"]],
    [{ type: "CharDelimiterSplit", delimiter: "," }, "a,,b", ["a", "b"]],
  ])("%j", (part, text, expected) => {
    expect(cut(part, text)).toEqual(expected);
  });

  it.each([{ type: "Metaspace" }, { type: "BertPreTokenizer" }, { type: "ByteLevel", add_prefix_space: true }, { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, { type: "Metaspace" }] }])("cuts long texts in segments without moving a piece: %j", (part) => {
    const words = Array.from({ length: 30_000 }, (_, i) => `${"x".repeat(1 + (i % 7))}${[" ", "\n\n ", "  ", ", "][i % 4]}`);
    const short = words.join("").slice(0, 60_000);
    const long = cut(part, words.join(""));
    const head = cut(part, short);
    expect(long.slice(0, head.length - 2)).toEqual(head.slice(0, -2));
    const breaks = readPreTokenizer(part, reportFor("t.json")).steps.map((step) => ({ ...step, breaks: null }));
    preTokenizer(breaks)(words.join(""), true, ({ texts }) => expect(long).toEqual(texts));
  });
});

describe("graphemes", () => {
  it("are those of the engine's segmenter", () => {
    const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
    const parts = ["a", "é", "中", "가", "\u1100", "\u1161", "\u11a8", "🙂", "🏽", "\u200d", "🇫", "🇷", "\r", "\n", "\u0301", "\u0600", "ก", "ำ", "க்ஷி", "\u0d4e", "ക", " ", "\u00ad"];
    fc.assert(fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), fc.constantFrom(1, 400), (list, times) => {
      const text = list.join("").repeat(times);
      expect(graphemes(text)).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
    }), { numRuns: 60 });
  });
});

describe("added tokens", () => {
  const token = { id: 1, content: "<m>", special: true, single_word: false, lstrip: false, rstrip: false, normalized: false };
  const spans = (changes: object, text: string): string[] => addedMatcher([{ ...token, ...changes }], ({ content }) => content)(text).map(({ start, end, id }) => `${id === null ? "" : "*"}${text.slice(start, end)}`);
  it("take white space along, and can be whole words only", () => {
    expect(spans({}, "a <m> b")).toEqual(["a ", "*<m>", " b"]);
    expect(spans({ lstrip: true }, "a  <m><m>")).toEqual(["a", "*  <m>", "*<m>"]);
    expect(spans({ rstrip: true }, "<m>  b")).toEqual(["*<m>  ", "b"]);
    expect(spans({ content: "new", single_word: true }, "new newer a-new")).toEqual(["*new", " newer a-", "*new"]);
    expect(spans({}, "")).toEqual([]);
  });
});
