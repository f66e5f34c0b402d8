// A dataset from files: order, padding, counts, fingerprints, and what is refused.

import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openDataset } from "../../runtime/data/batch.ts";
import { bytes } from "../../runtime/tokenizers/bytes.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";
import type { Batch } from "../../runtime/data/fields.ts";
import { nextTokens } from "../objectives/plans.ts";
import { fileSource } from "./plans.ts";
import type { PlanFiles } from "../../compiler/plan/schema.ts";

async function* nothing(): AsyncIterable<string> {}
const plain = await bytes.make({ vocab: 257, special: ["<pad>"], sentinels: 0 }, nothing());
const bounded = await bytes.make({ vocab: 259, special: ["<pad>", "<bos>", "<eos>"], sentinels: 0 }, nothing());
const base = temporaryFolder({
  "lines.txt": Array.from({ length: 40 }, (_, i) => `line number ${i} with ünïcode\n`).join(""),
  "empty.txt": "\n\n",
  "one.txt": "first half\nsecond half\n",
  "a/b.txt": "abc",
});
const source = (changes: Partial<PlanFiles> = {}): PlanFiles => fileSource({ files: ["lines.txt"], ...changes });
const named = (...names: string[]) => names.map((name) => ({ name, text: `<${name}>` }));
const options = { base, objective: nextTokens(16), pack: false, seed: 17, special: named("pad", "bos", "eos") };
const values = (batch: Batch, name: string): number[] => [...batch.fields.get(name)!.data];
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe("a dataset", () => {
  it("counts targets and their bytes once an epoch, shuffled or not", async () => {
    for (const pack of [false, true]) {
      const data = await openDataset(source(), bounded, { ...options, pack });
      const lines = Array.from({ length: 40 }, (_, i) => `line number ${i} with ünïcode`);
      // <bos> is predicted by nothing, <eos> is a target of no bytes.
      const bytes = sum(lines.map((line) => Buffer.byteLength(line)));
      for (const batch of [data.batch(data.examples, data.examples), data.ordered(0, data.examples)]) {
        expect([batch.counts, batch.bytes]).toEqual([{ lm: bytes + lines.length }, { lm: bytes }]);
        expect(sum(values(batch, "lm.weights"))).toBe(batch.counts.lm);
      }
    }
  });

  it("gives an example by its number alone, across epochs", async () => {
    const data = await openDataset(source(), plain, options);
    const long = data.batch(0, 2 * data.examples + 3);
    for (const first of [0, 5, data.examples - 2, data.examples, 2 * data.examples - 1]) {
      const batch = data.batch(first, 4);
      expect(values(batch, "tokens")).toEqual(values(long, "tokens").slice(first * 16, (first + 4) * 16));
    }
    const rowsOf = (first: number): string[] => Array.from({ length: data.examples }, (_, i) => values(data.batch(first + i, 1), "tokens").join(" "));
    expect(rowsOf(0).sort()).toEqual(rowsOf(data.examples).sort());
    expect(rowsOf(0)).not.toEqual(rowsOf(data.examples));
    expect(values((await openDataset(source(), plain, { ...options, seed: 18 })).batch(0, 8), "tokens")).not.toEqual(values(data.batch(0, 8), "tokens"));
  });

  it("fills an evaluation batch past the end with rows that count nothing", async () => {
    const data = await openDataset(source(), plain, options);
    const batch = data.ordered(data.examples - 1, 3);
    expect(values(batch, "real").slice(16).every((real) => real === 0)).toBe(true);
    expect(values(batch, "tokens").slice(16).every((token) => token === plain.special("pad"))).toBe(true);
    expect(batch.counts).toEqual(data.ordered(data.examples - 1, 1).counts);
  });

  it("puts every line into one part of a split", async () => {
    const split = { by: "document", parts: { train: 0.75, valid: 0.25 } } as const;
    const texts: string[] = [];
    for (const part of ["train", "valid"]) {
      const data = await openDataset(source({ split, part }), bounded, { ...options, objective: nextTokens(64) });
      expect(data.examples).toBe(part === "train" ? 30 : 10);
      for (let i = 0; i < data.examples; i++) texts.push(bounded.decode(values(data.ordered(i, 1), "tokens")));
    }
    expect(new Set(texts).size).toBe(40);
    const halves = { by: "position", parts: { train: 0.5, valid: 0.5 } } as const;
    const valid = await openDataset(source({ files: ["one.txt"], format: "text", split: halves, part: "valid" }), bounded, { ...options, objective: nextTokens(64) });
    expect(bounded.decode(values(valid.ordered(0, 1), "tokens"))).toBe("second half\n");
  });

  it("has a fingerprint of names and contents, wherever the folder is", async () => {
    const fingerprint = async (folder: string): Promise<string> => (await openDataset(source({ files: ["a/*.txt"] }), plain, { ...options, base: folder })).fingerprint;
    const first = await fingerprint(base);
    const copy = temporaryFolder({ "a/b.txt": "abc" });
    expect(await fingerprint(copy)).toBe(first);
    writeFileSync(join(copy, "a/b.txt"), "abd");
    expect(await fingerprint(copy)).not.toBe(first);
    expect(await fingerprint(temporaryFolder({ "a/c.txt": "abc" }))).not.toBe(first);
  });

  it("stops when it is told to", async () => {
    const signal = AbortSignal.abort();
    await expect(openDataset(source(), plain, { ...options, signal })).rejects.toThrow("aborted");
  });

  it("refuses what gives no example, and formats it cannot read", async () => {
    expect(await problems(() => openDataset(source({ files: ["empty.txt"] }), plain, options))).toEqual([expect.stringMatching(/^PT7006 the data gives no example: 1 file, 0 documents/)]);
    expect(await problems(() => openDataset(source({ format: "scrolls" }), plain, options))).toEqual([expect.stringMatching(/^PT7007 .*`format: scrolls` \(it reads `csv`, .*`text`, `tsv`\)/)]);
  });
});
