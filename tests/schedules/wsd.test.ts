// wsd: factors by hand, and transformers' rates.

import { expect, it } from "vitest";
import { wsd } from "../../compiler/schedules/wsd.ts";
import { describeGoldens, percent, steps } from "./golden.ts";

const factors = (args: object, at: readonly number[]) => at.map((step) => wsd.rate(args as never, step, { steps: 100 }));

it("rises, stays, and falls over the last steps", () => {
  const args = { warmup: percent(10), decay: steps(20), shape: "linear", end: 0.1 };
  expect(factors(args, [0, 5, 10, 50, 80, 90, 99, 100, 200])).toEqual([0, 0.5, 1, 1, 1, 0.55, 0.145, 0.1, 0.1].map((x) => expect.closeTo(x, 14)));
});

it("has three shapes each way, and a warm-up that may begin above 0", () => {
  const at = (shape: string) => factors({ warmup: steps(40), decay: steps(40), shape, warmup_shape: shape, start: 0.5 }, [0, 30, 90]);
  expect(at("linear")).toEqual([0.5, 0.875, 0.25].map((x) => expect.closeTo(x, 14)));
  expect(at("cosine")).toEqual([0.5, 0.5 + (1 + Math.SQRT1_2) / 4, (1 - Math.SQRT1_2) / 2].map((x) => expect.closeTo(x, 14)));
  expect(at("square_root")).toEqual([0.5, 0.75, 1 - Math.sqrt(0.75)].map((x) => expect.closeTo(x, 14)));
});

it("falls over what a long warm-up leaves", () => {
  expect(factors({ warmup: steps(90), decay: percent(50), shape: "linear" }, [90, 95])).toEqual([1, 0.5]);
});

const shapeOf = (word: string | undefined, otherwise: string) => (word === "1-sqrt" ? "square_root" : (word ?? otherwise));

describeGoldens(wsd, ["warmup_stable_decay"], (settings) => {
  const { num_decay_steps, min_lr_ratio = 0, decay_type, warmup_type } = settings as Record<string, never>;
  return { decay: steps(num_decay_steps), start: min_lr_ratio, end: min_lr_ratio, shape: shapeOf(decay_type, "cosine"), warmup_shape: shapeOf(warmup_type, "linear") };
});
