// tokens(rate): a share of the tokens, each set of that size equally likely (BERT: Devlin et al. 2019).

import { shareOf } from "../../../compiler/objectives/rounding.ts";
import { choose, spansOf } from "./_spans.ts";
import { defineNoise } from "./define.ts";

export const tokens = defineNoise({
  word: "tokens",
  doc: "A share of the tokens, anywhere: the number is exact (halves to even), at least one.",
  parameters: { rate: { type: { type: "rate" }, positional: true, required: true, doc: "how many of the tokens" } },
  stretches: false,
  ends: false,
  range(n, { rate }) {
    const noised = shareOf(n, rate as number, n);
    return { noised: [noised, noised], spans: [Math.min(1, noised), Math.min(noised, n - noised + 1)] };
  },
  draw: (n, { rate }, { random }) => spansOf(choose(n, shareOf(n, rate as number, n), random)),
});
