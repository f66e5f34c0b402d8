// The trainer against the published rules: the golden merges, hand-computed ties and runs of one letter.

import { describe, expect, it } from "vitest";
import { golden } from "./golden.ts";
import { alphabetOf, countPieces } from "../../runtime/tokenizers/training/count.ts";
import { byteSpelling, trainMerges } from "../../runtime/tokenizers/training/merges.ts";

const byteLevel = { pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true } };

describe("training byte pair encoding", () => {
  const directory = golden("tokenizers/byte-level-bpe");
  it.skipIf(directory === null)("gives the merges, counts and vocabulary of Hugging Face, byte-level (skipped where the goldens are absent)", async () => {
    const expected = directory!.json("vocab.json");
    const { merges, counts } = directory!.json("merges.json");
    const pieces = await countPieces(directory!.text("train.txt").split(/(?<=\n)/), byteLevel);
    const special: string[] = expected.trainer.special_tokens;
    const trained = trainMerges(pieces, byteSpelling, expected.trainer.vocab_size - special.length, expected.trainer.min_frequency);
    expect(trained.merges).toEqual(merges);
    expect(trained.counts).toEqual(counts);
    expect([...special, ...trained.vocab]).toEqual(expected.vocab);
  });

  const metaspace = golden("tokenizers/metaspace-bpe");
  it.skipIf(metaspace === null)("gives the merges, counts and vocabulary of Hugging Face, metaspace (skipped where the goldens are absent)", async () => {
    const { vocab, trainer } = metaspace!.json("vocab.json");
    const { merges, counts } = metaspace!.json("merges.json");
    const { normalizer, pre_tokenizer } = metaspace!.json("tokenizer.json");
    const pieces = await countPieces(metaspace!.text("train.txt").split(/(?<=\n)/), { normalizer, pre_tokenizer });
    const first = vocab.indexOf("<0xFF>") + 1;
    const alphabet = alphabetOf(pieces, trainer.limit_alphabet);
    const trained = trainMerges(pieces, { alphabet, symbols: (piece) => [...piece], prefix: "" }, trainer.vocab_size - first, trainer.min_frequency);
    expect(trained.merges).toEqual(merges);
    expect(trained.counts).toEqual(counts);
    expect(trained.vocab).toEqual(vocab.slice(first));
  });

  const learn = (pieces: Record<string, number>, merges: number): string[] =>
    trainMerges(new Map(Object.entries(pieces)), byteSpelling, 256 + merges, 1).merges.map((pair) => pair.join("+"));

  it("merges the most frequent pair, ties to the lowest ids", () => {
    expect(learn({ ab: 2, cd: 2, ef: 3 }, 3)).toEqual(["e+f", "a+b", "c+d"]);
    expect(learn({ abc: 1 }, 2)).toEqual(["a+b", "ab+c"]);
  });

  it("counts and merges runs of one letter from the left", () => {
    // aaaaa has four pairs a+a; merged it is [aa][aa]a, which holds aa+a and aa+aa once each.
    const { merges, counts } = trainMerges(new Map([["aaaaa", 3]]), byteSpelling, 256 + 3, 1);
    expect(merges).toEqual([["a", "a"], ["aa", "a"], ["aa", "aaa"]]);
    expect(counts).toEqual([12, 3, 3]);
  });

  it("stops where no pair occurs often enough", () => {
    expect(trainMerges(new Map([["ab", 5], ["cd", 1]]), byteSpelling, 300, 2).merges).toEqual([["a", "b"]]);
  });

  it("agrees with a trainer that recounts everything after each merge", async () => {
    const text = "the cat sat on the mat; the other cat, that cathode, then sat atop tthhee aaaa aaab abab".repeat(2);
    const pieces = await countPieces([text], byteLevel);
    const trained = trainMerges(pieces, byteSpelling, 256 + 60, 1);
    expect(trained.merges).toEqual(naive(pieces, 60, trained.vocab));
  });
});

/** The rules as they are written, in quadratic time. `vocab` only gives the ids for ties. */
function naive(pieces: ReadonlyMap<string, number>, steps: number, vocab: readonly string[]): [string, string][] {
  const words = [...pieces].map(([piece, count]) => ({ symbols: [...piece.replaceAll(" ", "Ġ")], count }));
  const merges: [string, string][] = [];
  const known = new Set(vocab.slice(0, 256));
  while (known.size < 256 + steps) {
    const counts = new Map<string, number>();
    for (const { symbols, count } of words) for (let i = 0; i + 1 < symbols.length; i++) {
      const key = `${symbols[i]}\n${symbols[i + 1]}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
    const id = (token: string): number => vocab.indexOf(token);
    const ranked = [...counts].map(([key, count]) => ({ pair: key.split("\n") as [string, string], count }));
    ranked.sort((a, b) => b.count - a.count || id(a.pair[0]) - id(b.pair[0]) || id(a.pair[1]) - id(b.pair[1]));
    if (ranked.length === 0) break;
    const [left, right] = ranked[0].pair;
    merges.push([left, right]);
    known.add(left + right);
    for (const word of words) {
      const merged: string[] = [];
      for (let i = 0; i < word.symbols.length; i++) {
        if (word.symbols[i] === left && word.symbols[i + 1] === right) {
          merged.push(left + right);
          i++;
        } else merged.push(word.symbols[i]);
      }
      word.symbols = merged;
    }
  }
  return merges;
}
