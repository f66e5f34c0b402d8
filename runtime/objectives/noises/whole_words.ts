// whole_words(rate): words are taken in random order while they fit the share (BERT's whole word masking).

import { shareOf } from "../../../compiler/objectives/rounding.ts";
import { spansOf } from "./_spans.ts";
import { defineNoise } from "./define.ts";

export const whole_words = defineNoise({
  word: "whole_words",
  doc: "A share of the tokens in whole words: words in random order, each that still fits; a text whose every word is longer than the share keeps them all.",
  parameters: { rate: { type: { type: "rate" }, positional: true, required: true, doc: "how many of the tokens, at most" } },
  stretches: false,
  ends: false,
  range(n, { rate }) {
    const most = shareOf(n, rate as number, n);
    return { noised: [0, most], spans: [0, Math.min(most, n - most + 1)] };
  },
  draw(n, { rate }, { random, words }) {
    const starts = words();
    const list: { start: number; end: number }[] = [];
    for (let i = 0; i < n; i++) {
      if (i === 0 || starts[i]) list.push({ start: i, end: i + 1 });
      else list.at(-1)!.end = i + 1;
    }
    let left = shareOf(n, rate as number, n);
    const marks = new Uint8Array(n);
    for (let i = 0; i < list.length && left > 0; i++) {
      const j = i + random.below(list.length - i);
      [list[i], list[j]] = [list[j], list[i]];
      const { start, end } = list[i];
      if (end - start > left) continue;
      marks.fill(1, start, end);
      left -= end - start;
    }
    return spansOf(marks);
  },
});
