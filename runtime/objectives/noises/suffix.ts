// suffix(uniform): the text from a random place on (prefix LM: Raffel et al. 2020, section 3.3.1); suffix(25%): its last quarter.

import { shareOf } from "../../../compiler/objectives/rounding.ts";
import { defineNoise } from "./define.ts";

export const suffix = defineNoise({
  word: "suffix",
  doc: "The end of the text: from a place drawn uniformly, or a fraction of the tokens. At least one token is kept and one noised.",
  parameters: {
    part: { type: { type: "any", of: [{ type: "choice", words: { uniform: "from each place equally likely" } }, { type: "rate" }] }, positional: true, required: true, doc: "`uniform`, or how many of the tokens" },
  },
  stretches: true,
  ends: true,
  range(n, { part }) {
    if (n < 2) return { noised: [0, 0], spans: [0, 0] };
    const noised = shareOf(n, part as number, n - 1);
    return part === "uniform" ? { noised: [1, n - 1], spans: [1, 1] } : { noised: [noised, noised], spans: [Math.min(1, noised), Math.min(1, noised)] };
  },
  draw(n, { part }, { random }) {
    if (n < 2) return [];
    const length = part === "uniform" ? n - 1 - random.below(n - 1) : shareOf(n, part as number, n - 1);
    return length === 0 ? [] : [{ start: n - length, length }];
  },
});
