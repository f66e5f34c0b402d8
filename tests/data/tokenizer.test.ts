// The tokenizer a plan names: layouts, the cache, files with names of their own, and what is refused.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openTokenizer } from "../../runtime/data/tokenizer.ts";
import { parseTokenizer } from "../../runtime/tokenizers/file/tokenizer.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";
import { fileSource } from "./plans.ts";
import type { PlanTokenizer } from "../../compiler/plan/schema.ts";

const text = "the cat and the hat and the bat\n".repeat(30);
const base = temporaryFolder({ "t.txt": text });
const source = fileSource({ files: ["t.txt"] });
const plan = (changes: Partial<PlanTokenizer> = {}): PlanTokenizer => ({
  kind: { word: "bpe", arguments: { vocab: 270 } },
  file: null,
  trained_on: source,
  special: [{ name: "<pad>", text: "<pad>" }, { name: "<eos>", text: "<eos>" }],
  sentinels: 2,
  vocab: 270,
  ...changes,
});

describe("a trained tokenizer", () => {
  it("has the vocabulary first, then special tokens, then sentinels, in the total the plan gives", async () => {
    const tokenizer = await openTokenizer(plan(), { base });
    expect(tokenizer.vocab).toBe(270);
    expect([tokenizer.special("pad"), tokenizer.special("eos"), ...tokenizer.sentinels]).toEqual([266, 267, 268, 269]);
    expect(tokenizer.encode(" the").length).toBe(1);
  });

  it("is trained once and then read from the cache, unless settings or data change", async () => {
    const cache = temporaryFolder();
    const first = await openTokenizer(plan(), { base, cache });
    const files = (): string[] => readdirSync(join(cache, "tokenizers")).sort();
    const [name] = files();
    const again = await openTokenizer(plan(), { base, cache });
    expect(again.json()).toBe(first.json());
    expect(files()).toEqual([name]);
    writeFileSync(join(cache, "tokenizers", name), "{ half a fi");
    expect((await openTokenizer(plan(), { base, cache })).json()).toBe(first.json());
    expect(readFileSync(join(cache, "tokenizers", name), "utf8")).toBe(first.json());
    await openTokenizer(plan({ vocab: 268 }), { base, cache });
    await openTokenizer(plan(), { base: temporaryFolder({ "t.txt": `${text}more` }), cache });
    expect(files()).toHaveLength(3);
  });

  it("learns from its part of a split alone", async () => {
    const split = { by: "position", parts: { train: 50, valid: 50 } } as const;
    const folder = temporaryFolder({ "t.txt": `${"aaaa ".repeat(40)}\n${"zzzz ".repeat(40)}\n` });
    const tokenizer = await openTokenizer(plan({ trained_on: { ...source, format: "text", split, part: "train" } }), { base: folder });
    expect(tokenizer.encode("aaaa").length).toBeLessThan(3);
    expect(tokenizer.encode("zzzz").length).toBe(4);
  });

  it("keeps the plan's ids and warns where the text gives too few tokens", async () => {
    const warnings: string[] = [];
    const tokenizer = await openTokenizer(plan({ vocab: 400 }), { base, warn: (item) => warnings.push(`${item.code} ${item.severity}`) });
    expect(tokenizer.special("pad")).toBe(396);
    expect(tokenizer.vocab).toBe(400);
    expect(warnings).toEqual(["PT7012 warning"]);
    expect(parseTokenizer(tokenizer.json()).special("pad")).toBe(396);
  });

  it("refuses a vocabulary without room for the bytes, and kinds it does not have", async () => {
    expect(await problems(() => openTokenizer(plan({ vocab: 259 }), { base }))).toEqual([expect.stringMatching(/^PT7013 .*need 260/)]);
    expect(await problems(() => openTokenizer(plan({ kind: { word: "morphemes", arguments: {} } }), { base }))).toEqual([expect.stringMatching(/^PT7014 .*`morphemes` \(it has `bpe`, `bytes`, `characters`, `ids`, `unigram`, `wordpiece`\)/)]);
  });
});

describe("other kinds", () => {
  const special = [{ name: "unk", text: "[UNK]" }, { name: "mask", text: "[MASK]" }];
  it.each([
    ["characters", 20, {}],
    ["wordpiece", 40, {}],
    ["unigram", 40, {}],
    ["bpe", 300, { form: "metaspace" }],
  ])("%s has the plan's size and ids, and its names for special tokens, from the cache too", async (word, vocab, given) => {
    const cache = temporaryFolder();
    for (let i = 0; i < 2; i++) {
      const tokenizer = await openTokenizer(plan({ kind: { word, arguments: { vocab, ...given } }, special, vocab }), { base, cache });
      expect(tokenizer.kind).toBe(word);
      expect(tokenizer.vocab).toBe(vocab);
      expect([tokenizer.special("unk"), tokenizer.special("<mask>"), ...tokenizer.sentinels]).toEqual([vocab - 4, vocab - 3, vocab - 2, vocab - 1]);
      expect(tokenizer.decode(tokenizer.encode("the cat and the hat"))).toBe("the cat and the hat");
    }
  });

  it("keeps forms of one kind apart in the cache", async () => {
    const cache = temporaryFolder();
    const first = await openTokenizer(plan({ kind: { word: "bpe", arguments: { vocab: 300 } }, vocab: 300 }), { base, cache });
    const second = await openTokenizer(plan({ kind: { word: "bpe", arguments: { vocab: 300, form: "metaspace" } }, vocab: 300 }), { base, cache });
    expect(first.json()).not.toBe(second.json());
  });
});

describe("a tokenizer of a file", () => {
  const fileWith = async (tokens: Record<string, number>): Promise<string> => {
    const json = JSON.parse((await openTokenizer(plan({ kind: { word: "bytes", arguments: {} }, special: [], sentinels: 0, vocab: 256, trained_on: null }), { base })).json());
    json.added_tokens = Object.entries(tokens).map(([content, id]) => ({ id, content, special: content !== "<s_mode>", single_word: false, lstrip: false, rstrip: false, normalized: false }));
    return temporaryFolder({ "tokenizer.json": JSON.stringify(json) });
  };
  const filePlan = (changes: Partial<PlanTokenizer> = {}): PlanTokenizer => plan({ kind: null, file: "tokenizer.json", trained_on: null, special: [], sentinels: 0, vocab: 0, ...changes });

  it("finds special tokens by the names the plan gives them", async () => {
    const folder = await fileWith({ "[PAD]": 256, "[MASK]": 257, "<s_mode>": 258 });
    const tokenizer = await openTokenizer(filePlan({ special: [{ name: "pad", text: "[PAD]" }, { name: "mask", text: "[MASK]" }] }), { base: folder });
    expect([tokenizer.special("pad"), tokenizer.special("<mask>"), tokenizer.special("s_mode"), tokenizer.special("eos")]).toEqual([256, 257, 258, null]);
    expect(tokenizer.vocab).toBe(259);
    expect([...tokenizer.encode("a[MASK]b", { special: true })]).toEqual([97, 257, 98]);
  });

  it("finds T5's sentinels, or puts its own after the vocabulary", async () => {
    const folder = await fileWith({ "<extra_id_1>": 256, "<extra_id_0>": 257 });
    const tokenizer = await openTokenizer(filePlan({ sentinels: 3 }), { base: folder });
    expect(tokenizer.sentinels).toEqual([257, 256, 258]);
    expect([tokenizer.special("X"), tokenizer.special("Y"), tokenizer.special("Z")]).toEqual([257, 256, 258]);
    expect(tokenizer.vocab).toBe(259);
  });

  it("refuses special tokens it does not hold, and plans that are too small for it", async () => {
    const folder = await fileWith({ "[PAD]": 256 });
    expect(await problems(() => openTokenizer(filePlan({ special: [{ name: "pad", text: "[PUD]" }] }), { base: folder }))).toEqual([
      "PT7010 `tokenizer.json` has no token `[PUD]` for `pad` (the nearest token is `[PAD]`)",
    ]);
    expect(await problems(() => openTokenizer(filePlan({ vocab: 100 }), { base: folder }))).toEqual([expect.stringMatching(/^PT7011 .*has 257 tokens, but the plan was made for 100/)]);
    expect(await problems(() => openTokenizer(filePlan({ file: "tokeniser.json" }), { base: folder }))).toEqual([expect.stringMatching(/^PT7002 .*nearest name is `tokenizer.json`/)]);
  });
});
