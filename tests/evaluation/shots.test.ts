// Which examples stand in a prompt, what fits of it, and what is an answer.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutAt, extractAnswer } from "../../runtime/evaluation/answers.ts";
import { fitPrompt, promptText } from "../../runtime/evaluation/prompt.ts";
import { drawRows, drawShots } from "../../runtime/evaluation/shots.ts";
import { metricNames } from "../../compiler/metric-names.ts";
import { scoreAll } from "../../runtime/evaluation/score.ts";

describe("solved examples", () => {
  const setting = fc.record({ pool: fc.integer({ min: 1, max: 40 }), count: fc.integer({ min: 0, max: 12 }), seed: fc.nat(), example: fc.nat(), own: fc.nat(39) });

  test("are different rows, never an excluded one, and as many as were asked for wherever there are", () => {
    fc.assert(fc.property(setting, ({ pool, count, seed, example, own }) => {
      const drawn = drawShots(pool, count, { seed, example }, (row) => row === own);
      if (pool - Number(own < pool) < count) return void expect(drawn).toBeNull();
      expect(new Set(drawn).size).toBe(count);
      expect(drawn!.every((row) => row >= 0 && row < pool && row !== own)).toBe(true);
      expect(drawShots(pool, count, { seed, example }, (row) => row === own)).toEqual(drawn);
    }));
  });

  test("are others for another seed, example or number of shots", () => {
    const none = (): boolean => false;
    const draw = (seed: number, example: number, count = 4): string => drawShots(1000, count, { seed, example }, none)!.slice(0, 4).join();
    expect(new Set([draw(0, 0), draw(1, 0), draw(0, 1), draw(0, 0, 5)]).size).toBe(4);
  });

  test("each row is as likely as any other", () => {
    const counts = new Array<number>(10).fill(0);
    for (let example = 0; example < 5000; example++) for (const row of drawShots(10, 2, { seed: 7, example }, (at) => at === 3)!) counts[row]++;
    expect(counts[3]).toBe(0);
    // 10,000 draws over 9 rows: 1111 each, with a deviation of about 29.
    for (const [row, count] of counts.entries()) if (row !== 3) expect(Math.abs(count - 1111)).toBeLessThan(150);
  });

  test("a limit draws rows in their order", () => {
    expect(drawRows(3, null, 0)).toEqual([0, 1, 2]);
    expect(drawRows(3, 5, 0)).toEqual([0, 1, 2]);
    const some = drawRows(100, 10, 4);
    expect(some).toEqual([...new Set(some)].sort((a, b) => a - b));
    expect(some).toHaveLength(10);
    expect(drawRows(100, 10, 5)).not.toEqual(some);
  });
});

describe("prompts that fit", () => {
  const shots = [1, 2, 3].map((n) => ({ inputs: `${n}`.repeat(4), targets: "" }));
  const fit = (room: number, lead: number | null = null): { text: string; ids: number; dropped: number; cut: number; first: number } => {
    const encode = (text: string): number[] => [...(lead === null ? [] : [lead]), ...Buffer.from(text)];
    const { ids, ...rest } = fitPrompt(shots, (some) => promptText(some, "question", { template: null, shots: { counts: [3], from: null, separator: "|" } }), encode, room, lead === null ? [] : [lead]);
    return { ...rest, ids: ids.length, first: ids[0] };
  };

  test("the earliest examples go first, then the beginning of the question", () => {
    expect(fit(23)).toMatchObject({ text: "1111|2222|3333|question", dropped: 0, cut: 0 });
    expect(fit(22)).toMatchObject({ text: "2222|3333|question", dropped: 1 });
    expect(fit(13)).toMatchObject({ text: "3333|question", dropped: 2 });
    expect(fit(8)).toMatchObject({ text: "question", dropped: 3, cut: 0 });
    expect(fit(5)).toMatchObject({ ids: 5, dropped: 3, cut: 3, first: "s".charCodeAt(0) });
  });

  test("`<bos>` stays where a question is cut", () => {
    expect(fit(5, 256)).toMatchObject({ ids: 5, cut: 4, first: 256 });
    expect(fit(1, 256)).toMatchObject({ ids: 1 });
  });

  test("as messages of a template", () => {
    const template = { system: null, user: "<{content}>", assistant: "[{content}]" };
    expect(promptText([{ inputs: "1+1", targets: "2" }], "2+2", { template, shots: { counts: [1], from: null, separator: null } })).toBe("<1+1>[2]<2+2>[");
  });
});

describe("answers", () => {
  test("end before the first text that ends them", () => {
    expect(cutAt(" yes\n\nQ: b", ["\n\n"])).toBe(" yes");
    expect(cutAt("a;b.c", [".", ";"])).toBe("a");
    expect(cutAt("a", [])).toBe("a");
  });

  test("are found behind their reasoning, the last time", () => {
    const after = { after: "The answer is", pattern: null };
    expect(extractAnswer("2 and 2 are 4. The answer is 4.", after)).toBe("4");
    expect(extractAnswer("The answer is 3? No. The answer is\n 3.5.\nQ: more", after)).toBe("3.5");
    expect(extractAnswer("I do not know", after)).toBeNull();
    const pattern = { after: null, pattern: "#### (-?[0-9.,]+)" };
    expect(extractAnswer("so #### 12 or rather #### -3,000", pattern)).toBe("-3,000");
    expect(extractAnswer("####", pattern)).toBeNull();
  });
});

describe("scores", () => {
  const answers = [["1", "1"], ["2", "1"], ["4", "3"]].map(([prediction, reference]) => ({ prediction, reference }));
  const call = (word: string, args: Record<string, string | number | boolean> = {}): { word: string; arguments: Record<string, string | number | boolean> } => ({ word, arguments: args });

  test("by the kind that a metric is computed from", () => {
    const scored = scoreAll([call("accuracy"), call("exact_match", { normalize: "none" }), call("pearson")], answers, "x");
    expect(scored.map(({ name, measured }) => [name, measured.value])).toEqual([["accuracy", 1 / 3], ["exact_match", 1 / 3], ["pearson", expect.closeTo(30 / Math.sqrt(42 * 24), 12)]]);
  });

  test("`rouge` by its type, and the second of a word by number", () => {
    expect(metricNames([call("rouge", { type: "l" }), call("rouge", { type: 2 }), call("f1"), call("f1", { average: "macro" })])).toEqual(["rouge_l", "rouge_2", "f1", "f1_2"]);
  });
});
