// Kinds that are trained here: places of ids, degenerate texts, words, and what is unknown.

import { describe, expect, it } from "vitest";
import { bpe } from "../../runtime/tokenizers/bpe.ts";
import { bytes } from "../../runtime/tokenizers/bytes.ts";
import { characters } from "../../runtime/tokenizers/characters.ts";
import { parseTokenizer } from "../../runtime/tokenizers/file/tokenizer.ts";
import { unigram } from "../../runtime/tokenizers/unigram.ts";
import { wordpiece } from "../../runtime/tokenizers/wordpiece.ts";
import type { Tokenizer, TokenizerDefinition } from "../../runtime/tokenizers/define.ts";

const special = ["<pad>", "<unk>", "<mask>"];
const corpus = ["It was the best of times, it was the worst of times;\nit was the age of wisdom.\n", "The wisest of ages: naïve 日本語 日本語 🙂🙂"].flatMap((text) => Array<string>(12).fill(text));

async function train(kind: TokenizerDefinition, vocab: number, texts: readonly string[], given: Record<string, unknown> = {}): Promise<Tokenizer> {
  async function* documents(): AsyncIterable<string> {
    yield* texts;
  }
  return kind.make({ vocab, special, sentinels: 2, unknown: "<unk>", arguments: { vocab, ...given } }, documents());
}

const kinds: readonly (readonly [name: string, kind: TokenizerDefinition, vocab: number, given: Record<string, unknown>])[] = [
  ["characters", characters, 60, {}],
  ["bpe", bpe, 320, {}],
  ["bpe of metaspace form", bpe, 360, { form: "metaspace" }],
  ["wordpiece", wordpiece, 90, {}],
  ["cased wordpiece", wordpiece, 90, { lowercase: false }],
  ["unigram", unigram, 80, {}],
];

describe.each(kinds)("%s", (_, kind, vocab, given) => {
  it.each([
    ["a text", corpus],
    ["no text", []],
    ["an empty text", [""]],
    ["one character", ["a"]],
    ["white space", [" \n\n \t "]],
    ["more characters than fit", [Array.from({ length: 500 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join(" ")]],
  ])("keeps the ids that the plan promises after training on %s", async (_, texts) => {
    const tokenizer = await train(kind, vocab, texts, given);
    expect(tokenizer.kind).toBe(kind.word);
    expect(tokenizer.vocab).toBe(vocab);
    expect(["pad", "unk", "mask", "X", "Y"].map((name) => tokenizer.special(name))).toEqual([5, 4, 3, 2, 1].map((back) => vocab - back));
    expect(tokenizer.sentinels).toEqual([vocab - 2, vocab - 1]);
    for (const text of ["", "a", "it was", "zebra 🦓 q", "<pad>"]) {
      for (const id of tokenizer.encode(text)) expect(id === vocab - 4 || id < vocab - 5, `${text}: ${id}`).toBe(true);
    }
    expect([...tokenizer.encode("<mask>", { special: true })]).toEqual([vocab - 3]);
    const again = parseTokenizer(tokenizer.json());
    expect(again.json()).toBe(tokenizer.json());
    for (const text of corpus.slice(0, 20)) expect(again.encode(text)).toEqual(tokenizer.encode(text));
  });

  it("gives the same file whatever came before", async () => {
    const [first, second] = [await train(kind, vocab, corpus, given), await train(kind, vocab, corpus, given)];
    expect(second.json()).toBe(first.json());
  });

  it("decodes what it was trained on", async () => {
    const tokenizer = await train(kind, vocab, corpus, given);
    const plain = "it was the age of wisdom";
    expect(tokenizer.decode(tokenizer.encode(plain))).toBe(plain);
    expect(tokenizer.encode(plain).length).toBeLessThanOrEqual(plain.length);
  });

  it("says which ids begin words, and encodes words that were cut already", async () => {
    const tokenizer = await train(kind, vocab, corpus, given);
    const words = ["it", "was", "the", "worst", "age"];
    const ids = tokenizer.encode(words.join(" "));
    expect(tokenizer.wordStarts(ids).reduce((sum, start) => sum + start, 0)).toBe(words.length);
    const cut = tokenizer.encodeWords(words);
    expect([...new Set(cut.words)]).toEqual([0, 1, 2, 3, 4]);
    if (kind !== characters) expect(cut.ids).toEqual(ids);
    const mask = tokenizer.special("mask")!;
    expect([...tokenizer.wordStarts([mask, ids[0], mask])]).toEqual([1, 1, 1]);
  });
});

describe("what kinds keep", () => {
  it("metaspace BPE keeps every text, bytes for what it never saw", async () => {
    const tokenizer = await train(bpe, 360, corpus, { form: "metaspace" });
    for (const text of ["it was", " it  was ", "\nit\n\nwas\n", "zebra 🦓\t\u0000", "日本語x", ""]) {
      expect(tokenizer.decode(tokenizer.encode(text)), text).toBe(text);
      const stream = tokenizer.decodeStream();
      expect([...tokenizer.encode(text)].map((id) => stream.push(id)).join("") + stream.end(), text).toBe(text);
    }
  });

  it("characters keeps the most frequent, in code point order, the others unknown", async () => {
    const tokenizer = await train(characters, 8, ["cab", "cab", "abz"]);
    expect([0, 1, 2].map(tokenizer.text)).toEqual(["a", "b", "c"]);
    expect([...tokenizer.encode("cabz")]).toEqual([2, 0, 1, 4]);
    expect(tokenizer.encodeFull("a🙂b").offsets).toEqual([[0, 1], [1, 2], [2, 3]]);
    expect(tokenizer.bytesOf(4)).toBe(0);
  });

  it("wordpiece drops case and accents, or keeps them", async () => {
    const uncased = await train(wordpiece, 120, corpus);
    expect([...uncased.encode("NAÏVE")]).toEqual([...uncased.encode("naive")]);
    const cased = await train(wordpiece, 120, corpus, { lowercase: false });
    expect([...cased.encode("The")]).not.toEqual([...cased.encode("the")]);
    expect(uncased.text(uncased.encode("wisdoms").at(-1)!)).toBe("##s");
  });

  it("unigram prefers words that come often, and is sure of probabilities", async () => {
    const tokenizer = await train(unigram, 100, corpus);
    expect(tokenizer.encode("it was the").length).toBe(3);
    const { model } = JSON.parse(tokenizer.json()) as { model: { vocab: [string, number][] } };
    const learned = model.vocab.slice(0, 95).filter(([text]) => !text.startsWith("unused"));
    const total = learned.reduce((sum, [, score]) => sum + Math.exp(score), 0);
    expect(total).toBeGreaterThan(0.8);
    expect(total).toBeLessThan(1.05);
    expect(learned.map(([, score]) => score)).toEqual(learned.map(([, score]) => score).sort((a, b) => b - a));
  });

  it("bytes begins words at white space", async () => {
    const tokenizer = await train(bytes, 261, []);
    expect([...tokenizer.wordStarts(tokenizer.encode("ab  c\nd"))]).toEqual([1, 0, 1, 0, 0, 1, 0]);
  });
});
