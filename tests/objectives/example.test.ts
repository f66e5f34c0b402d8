// Whole examples by hand, in words: the sentence of Raffel et al. 2020, table 3, special tokens, pairs and turns.

import { describe, expect, test } from "vitest";
import type { PlanEntry, PlanShown, PlanStage } from "../../compiler/objectives/plan.ts";
import { randomStream } from "../../compiler/random.ts";
import { corrupt, drawSpans, showSpans } from "../../runtime/objectives/corrupt.ts";
import { makeExample } from "../../runtime/objectives/example.ts";
import { inputs } from "../../runtime/objectives/inputs/index.ts";
import { pairs } from "../../runtime/objectives/pairs/index.ts";
import { targets } from "../../runtime/objectives/targets/index.ts";
import { vocabulary } from "./words.ts";

const names = ["<pad>", "<eos>", "<cls>", "<sep>", "<mask>", "<X>", "<Y>", "<Z>"];
const sentence = "Thank you for inviting me to your party last week .".split(" ");
const texts = [...names, ...sentence, "apple"];
const id = (word: string): number => texts.indexOf(word);
const facts = vocabulary({ pad: 0, eos: 1, cls: 2, sep: 3, mask: 4 }, [5, 6, 7], texts.length);
const text = { ids: sentence.map(id), source: sentence.map((_, i) => i) };
const say = (ids: ArrayLike<number>): string => Array.from(ids, (one) => texts[one]).join(" ");
const only = (shows: string): readonly PlanShown[] => [{ share: 1, shows }];
const random = (seed = 3) => randomStream(seed, "test");

describe("Thank you for inviting me to your party last week .", () => {
  const pair = [{ start: 2, length: 2 }, { start: 8, length: 1 }];
  const shown = (shows: string, whole = true): string => say(showSpans(text, pair, only(shows), { whole, sentences: [] }, facts, random()).ids);
  test("replace spans", () => {
    expect(shown("sentinel")).toBe("Thank you <X> me to your party <Y> week .");
    expect(say(targets.sentinel.make!(text.ids, pair, facts.sentinels))).toBe("<X> for inviting <Y> last <Z>");
  });
  test("drop tokens", () => {
    expect(shown("drop")).toBe("Thank you me to your party week .");
    expect(say(targets.dropped.make!(text.ids, pair, facts.sentinels))).toBe("for inviting last");
  });
  test("mask tokens and mask spans", () => {
    expect(shown("<mask>", false)).toBe("Thank you <mask> <mask> me to your party <mask> week .");
    expect(shown("<mask>", true)).toBe("Thank you <mask> me to your party <mask> week .");
  });
  test("keep and random", () => {
    expect(shown("keep")).toBe(sentence.join(" "));
    for (let seed = 0; seed < 50; seed++) {
      const { ids } = showSpans(text, pair, only("random"), { whole: false, sentences: [] }, facts, random(seed));
      expect(ids.length).toBe(sentence.length);
      for (const { start, length } of pair) for (let i = start; i < start + length; i++) expect(facts.special[ids[i]]).toBe(0);
    }
  });
  test("prefix LM", () => {
    const end = [{ start: 4, length: 7 }];
    expect(say(showSpans(text, end, only("drop"), { whole: true, sentences: [] }, facts, random()).ids)).toBe("Thank you for inviting");
    expect(say(targets.dropped.make!(text.ids, end, facts.sentinels))).toBe("me to your party last week .");
  });
  test("deshuffling, rotation and sentence permutation keep every token", () => {
    for (const word of ["permute", "rotate", "permute_sentences"] as const) {
      const found = new Set<string>();
      for (let seed = 0; seed < 40; seed++) {
        const { ids } = inputs[word].show({ ids: text.ids, index: 0, sentences: () => [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0] }, { random: random(seed), sentinels: [], ordinary: [] });
        expect([...ids].sort()).toEqual([...text.ids].sort());
        found.add(say(ids));
      }
      // Eleven rotations, six orders of three sentences, and any order of the tokens.
      expect(found.size).toBeGreaterThan(word === "permute" ? 30 : word === "rotate" ? 8 : 5);
      if (word === "permute_sentences") for (const one of found) expect(one).toContain("Thank you for inviting");
      if (word === "rotate") expect([...found].every((one) => `${sentence.join(" ")} ${sentence.join(" ")}`.includes(one))).toBe(true);
    }
  });
});

const entry = (changes: Partial<PlanEntry>): PlanEntry => ({
  name: "one", share: 1, layout: "in_place", frame: { before: ["cls"], between: [], after: ["sep"], close: [] }, pair: null, task: null, stages: [],
  terms: [{ head: "mlm", target: "in_place", weight: 1 }], lengths: { raw: 20, inputs: 22, targets: 4 }, ...changes,
});
const stage = (word: string, args: PlanStage["noise"]["arguments"], ...input: PlanShown[]): PlanStage => ({ noise: { word, arguments: args }, input });
const raw = { ids: text.ids, sentences: [], pair: null };

describe("examples", () => {
  test("special tokens are never noised, whatever the noise", () => {
    const framed = { ids: [2, ...text.ids, 3, 4, 5], source: [2, ...text.ids, 3, 4, 5].map((_, i) => i) };
    for (let seed = 0; seed < 100; seed++) {
      for (const [word, args] of [["tokens", { rate: 0.9 }], ["everything", {}], ["spans", { rate: 0.5, mean: 3 }]] as const) {
        for (const { start, length } of drawSpans(framed, word, args, facts, random(seed))) for (let i = start; i < start + length; i++) expect(facts.special[framed.ids[i]]).toBe(0);
      }
    }
    const nothing = { ids: [2, 3, 1], source: [0, 1, 2] };
    expect(corrupt(nothing, stage("tokens", { rate: 0.15 }, { share: 1, shows: "<mask>" }), [], true, facts, random()).spans).toEqual([]);
  });

  test("80/10/10 in place: shares over many examples, targets the originals", () => {
    const counts = { mask: 0, same: 0, other: 0 };
    const bert = entry({ stages: [stage("tokens", { rate: 0.5 }, { share: 0.8, shows: "<mask>" }, { share: 0.1, shows: "random" }, { share: 0.1, shows: "keep" })] });
    for (let seed = 0; seed < 2_000; seed++) {
      const made = makeExample(bert, raw, facts, (purpose) => randomStream(seed, purpose));
      expect([made.inputs[0], made.inputs[made.inputs.length - 1], made.noised.length]).toEqual([2, 3, 6]);
      for (const place of made.noised) counts[made.inputs[place] === 4 ? "mask" : made.inputs[place] === made.text[place] ? "same" : "other"]++;
    }
    const total = counts.mask + counts.same + counts.other;
    expect(counts.mask / total).toBeCloseTo(0.8, 1);
    // A random token is the same one once in twelve.
    expect(counts.same / total).toBeCloseTo(0.1 + 0.1 / 12, 1);
    expect(counts.other / total).toBeGreaterThan(0.07);
  });

  test("a pair: <cls> a <sep> b <sep>, segments, class, and noise that leaves the frame alone", () => {
    const pair = entry({ frame: { before: ["cls"], between: ["sep"], after: ["sep"], close: [] }, pair: "next_or_random", stages: [stage("tokens", { rate: 0.3 }, { share: 1, shows: "<mask>" })] });
    const made = makeExample(pair, { ids: text.ids.slice(0, 4), sentences: [], pair: { ids: text.ids.slice(4), label: 1 } }, facts, () => random());
    expect(say(made.text)).toBe("<cls> Thank you for inviting <sep> me to your party last week . <sep>");
    expect(Array.from(made.segments)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect([made.label, made.noised.length]).toEqual([1, 3]);
    for (const place of [0, 5, 13]) expect(made.inputs[place]).toBe(made.text[place]);
  });

  test("a stretch over the token between two texts is two", () => {
    const framed = { ids: [2, ...text.ids.slice(0, 4), 3, ...text.ids.slice(4), 3], source: Array.from({ length: 14 }, (_, i) => i) };
    const spans = drawSpans(framed, "everything", {}, facts, random());
    expect(spans).toEqual([{ start: 1, length: 4 }, { start: 6, length: 7 }]);
  });

  test("in turn: sentences permuted, then infilling, and the target is the original", () => {
    const bart = entry({
      layout: "two_stacks", frame: { before: [], between: [], after: ["eos"], close: ["eos"] }, terms: [{ head: "lm", target: "everything", weight: 1 }],
      stages: [stage("everything", {}, { share: 1, shows: "permute_sentences" }), stage("spans", { rate: 0.3, poisson: 3 }, { share: 1, shows: "<mask>" })],
    });
    const found = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      const made = makeExample(bart, { ...raw, sentences: [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] }, facts, (purpose) => randomStream(seed, purpose));
      expect(say(made.targets)).toBe(`${sentence.join(" ")} <eos>`);
      expect(Array.from(made.inputs).filter((one) => one === 4).length).toBeGreaterThan(0);
      expect(made.inputs[made.inputs.length - 1]).toBe(1);
      found.add(say(made.inputs));
    }
    expect(found.size).toBeGreaterThan(20);
  });

  test("pairs are next or random, in order or swapped, half and half", () => {
    const candidates = { first: [8, 9], second: [10, 11], stranger: () => [12] };
    for (const [definition, wrong] of [[pairs.next_or_random, { a: [8, 9], b: [12] }], [pairs.in_order_or_swapped, { a: [10, 11], b: [8, 9] }]] as const) {
      let swapped = 0;
      for (let seed = 0; seed < 1_000; seed++) {
        const { label, ...drawn } = definition.draw!(candidates, random(seed));
        expect(drawn).toEqual(label === 1 ? wrong : { a: [8, 9], b: [10, 11] });
        swapped += label;
      }
      expect(Math.abs(swapped - 500)).toBeLessThan(80);
    }
    expect(pairs.image_with_text.draw).toBeNull();
  });

  test("an input or a target that would need one sentinel more than there are is a bug, not a wrong batch", () => {
    const three = Array.from({ length: 3 }, (_, i) => ({ start: 2 * i, length: 1 }));
    expect(() => targets.sentinel.make!(text.ids, three, facts.sentinels)).toThrow("sentinels");
    expect(() => inputs.sentinel.show({ ids: [8], index: 3, sentences: () => [] }, { random: random(), sentinels: facts.sentinels, ordinary: [] })).toThrow("sentinels");
  });
  test("words of targets say where they stand", () => {
    expect(Object.fromEntries(Object.values(targets).map(({ word, place }) => [word, place]))).toEqual({ in_place: "same", next: "before", everything: "apart", sentinel: "apart", dropped: "apart" });
    expect(inputs.drop.show({ ids: [8], index: 0, sentences: () => [] }, { random: random(), sentinels: [], ordinary: [] }).ids).toEqual([]);
    expect(inputs.keep.length).toBe("tokens");
  });
});
