// Mixtures of data: exact shares by the example's number, whatever is asked first; each entry's own examples in its own order.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlanMixture } from "../../compiler/plan/schema.ts";
import { openDataset } from "../../runtime/data/batch.ts";
import type { Batch } from "../../runtime/data/fields.ts";
import { turns } from "../../runtime/data/mixture.ts";
import { bytes } from "../../runtime/tokenizers/bytes.ts";
import { temporaryFolder } from "../files/temporary.ts";
import { nextTokens } from "../objectives/plans.ts";
import { fileSource } from "./plans.ts";

const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 });
const sharesOf = (list: readonly number[]): number[] => list.map((weight) => weight / list.reduce((sum, one) => sum + one));

describe("turns", () => {
  it("give each entry its share of every first n examples, to within one a level (and the rounding of shares), and number its own without gaps", () => {
    fc.assert(fc.property(weights, (list) => {
      const shares = sharesOf(list);
      const turn = turns(shares);
      const next = shares.map(() => 0);
      for (let n = 0; n < 400; n++) {
        const { entry, number } = turn(n);
        expect(number).toBe(next[entry]++);
        shares.forEach((share, i) => expect(Math.abs(next[i] - share * (n + 1))).toBeLessThan(1 + i + 1e-5));
      }
    }));
  });

  it("keep their shares to the example after very many", () => {
    const turn = turns([0.7, 0.3]);
    for (const n of [1e6, 1e10, 1e13]) {
      let found: { entry: number; number: number } = turn(n);
      for (let at = n; found.entry !== 0; ) found = turn(++at);
      expect(Math.abs(found.number - 0.7 * n)).toBeLessThan(3);
    }
  });
});

const base = temporaryFolder({ "a.txt": Array.from({ length: 30 }, (_, i) => `a ${i}\n`).join(""), "b.txt": Array.from({ length: 10 }, (_, i) => `b ${i}\n`).join("") });
const tokenizer = await bytes.make({ vocab: 257, special: ["<eos>"], sentinels: 0 }, (async function* () {})());
const source: PlanMixture = { kind: "mixture", entries: [{ name: "a", share: 0.75, source: fileSource({ files: ["a.txt"] }) }, { name: "b", share: 0.25, source: fileSource({ files: ["b.txt"] }) }] };
const open = () => openDataset(source, tokenizer, { base, objective: nextTokens(8), pack: false, seed: 1, special: [{ name: "eos", text: "<eos>" }] });
const textsOf = (batch: Batch): string[] => Array.from({ length: batch.examples }, (_, row) => tokenizer.decode(batch.fields.get("tokens")!.data.subarray(row * 8, (row + 1) * 8)).replaceAll("\0", ""));

describe("a dataset of a mixture", () => {
  it("draws each entry's examples in its own order, all before any comes again", async () => {
    const data = await open();
    expect(data.examples).toBe(40);
    const texts = textsOf(data.batch(0, 80));
    const [a, b] = ["a", "b"].map((name) => texts.filter((text) => text.startsWith(name)));
    expect([a.length, b.length]).toEqual([60, 20]);
    for (const [list, size] of [[a, 30], [b, 10]] as const) {
      expect(new Set(list.slice(0, size)).size).toBe(size);
      expect(new Set(list.slice(size)).size).toBe(size);
      expect(list.slice(0, size)).not.toEqual(list.slice(size));
    }
    expect(Array.from({ length: 80 }, (_, n) => data.drawn(n)).join("")).toBe(texts.map((text) => text[0]).join(""));
    expect(tokenizer.decode(data.text(5))).toBe(texts[5]);
  });

  it("gives the same examples after a resume, and counts what a whole batch counts", async () => {
    const long = (await open()).batch(0, 50);
    const data = await open();
    const later = data.batch(20, 30);
    expect(textsOf(later)).toEqual(textsOf(long).slice(20));
    expect(later.counts.lm + data.batch(0, 20).counts.lm).toBe(long.counts.lm);
    expect(later.bytes.lm + data.batch(0, 20).bytes.lm).toBe(long.bytes.lm);
  });

  it("evaluates every example of every entry once, entry by entry", async () => {
    const data = await open();
    expect(data.entries).toEqual([{ name: "causal_lm", source: "a", first: 0, count: 30 }, { name: "causal_lm", source: "b", first: 30, count: 10 }]);
    const texts = textsOf(data.ordered(0, 40));
    expect(new Set(texts).size).toBe(40);
    expect(texts.slice(0, 30).every((text) => text.startsWith("a"))).toBe(true);
    expect(data.ordered(38, 4).counts).toEqual(data.ordered(38, 2).counts);
  });
});
