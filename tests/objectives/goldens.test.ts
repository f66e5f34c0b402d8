// The fixtures of shared/goldens/objectives: lengths by T5's rounding, and encodings of noised texts.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fittingText, sizesOf, type Shape } from "../../compiler/objectives/lengths.ts";
import type { PlanShown } from "../../compiler/objectives/plan.ts";
import { showSpans } from "../../runtime/objectives/corrupt.ts";
import { spansOf } from "../../runtime/objectives/noises/_spans.ts";
import { spans } from "../../runtime/objectives/noises/spans.ts";
import { targets } from "../../runtime/objectives/targets/index.ts";
import { scripted, vocabulary, words } from "./words.ts";

const folder = join(process.env.PT_GOLDENS ?? join(import.meta.dirname, "../../../shared/goldens"), "objectives");
const present = existsSync(folder);
const read = (name: string) => (present ? JSON.parse(readFileSync(join(folder, name), "utf8")).cases : []);

interface LengthCase { inputs_limit: number; rate: number; mean_span: number; raw: number; inputs: number; targets: number; noised: number; spans: number }
interface EncodingCase { tokens: number[]; noise: boolean[]; choice: number[]; random_ids: number[]; sentinels: number[]; mask_id: number; encodings: Record<string, number[]> }

describe.skipIf(!present)("shared/goldens/objectives", () => {
  test("lengths.json: the longest text that fits, and what comes of it", () => {
    const cases: LengthCase[] = read("lengths.json");
    expect(cases.length).toBeGreaterThan(0);
    for (const one of cases) {
      const args = { rate: one.rate, mean: one.mean_span };
      const shape: Shape = { layout: "two_stacks", frame: { before: [], between: [], after: ["eos"], close: [] }, pair: null, stages: [{ noise: { word: "spans", arguments: args }, input: [{ share: 1, shows: "sentinel" }] }], terms: [{ head: "lm", target: "sentinel", weight: 1 }] };
      const raw = fittingText(shape, one.inputs_limit, words);
      const { inputs, targets: length } = sizesOf(shape, raw, words);
      const { noised, spans: count } = spans.range(raw, args);
      expect({ raw, inputs, targets: length, noised: noised[1], spans: count[1] }, JSON.stringify(one)).toEqual({ raw: one.raw, inputs: one.inputs, targets: one.targets, noised: one.noised, spans: one.spans });
      expect([noised[0], count[0]]).toEqual([noised[1], count[1]]);
    }
    console.log(`objectives/lengths.json: ${cases.length} cases`);
  });

  test("encodings.json: every form of input and target", () => {
    const cases: EncodingCase[] = read("encodings.json");
    expect(cases.length).toBeGreaterThan(0);
    for (const one of cases) {
      const facts = { ...vocabulary({ mask: one.mask_id }, one.sentinels), ordinary: Array.from({ length: 100 }, (_, id) => id) };
      const text = { ids: one.tokens, source: one.tokens.map((_, i) => i) };
      const noised = spansOf(one.noise);
      const places = one.tokens.flatMap((_, i) => (one.noise[i] ? [i] : []));
      const random = scripted(places.map((i) => [0.1, 0.85, 0.95][one.choice[i]]), places.filter((i) => one.choice[i] === 1).map((i) => one.random_ids[i]));
      const shown = (input: readonly PlanShown[], whole: boolean): number[] => Array.from(showSpans(text, noised, input, { whole, sentences: [] }, facts, random).ids);
      const only = (shows: string): readonly PlanShown[] => [{ share: 1, shows }];
      const { encodings } = one;
      expect(shown(only("sentinel"), true)).toEqual(encodings.input_sentinel);
      expect(shown(only("drop"), true)).toEqual(encodings.input_drop);
      expect(shown(only("<mask>"), false)).toEqual(encodings.input_mask_each_token);
      expect(shown(only("<mask>"), true)).toEqual(encodings.input_mask_each_span);
      expect(shown([{ share: 0.8, shows: "<mask>" }, { share: 0.1, shows: "random" }, { share: 0.1, shows: "keep" }], false)).toEqual(encodings.input_mask_random_keep);
      for (const target of ["sentinel", "dropped", "everything"] as const) expect(targets[target].make!(one.tokens, noised, one.sentinels)).toEqual(encodings[`target_${target}`]);
      expect(one.tokens.map((id, i) => (places.includes(i) ? id : -100))).toEqual(encodings.target_in_place);
    }
    console.log(`objectives/encodings.json: ${cases.length} cases`);
  });
});
