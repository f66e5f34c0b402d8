// cosine: factors by hand, and transformers' rates.

import { expect, it } from "vitest";
import { cosine } from "../../compiler/schedules/cosine.ts";
import { describeGoldens, percent } from "./golden.ts";

it("falls along half a wave to its end", () => {
  const rates = [0, 5, 10, 55, 100].map((step) => cosine.rate({ warmup: percent(10), end: 0.1 }, step, { steps: 100 }));
  expect(rates).toEqual([0, 0.5, 1, 0.55, 0.1].map((x) => expect.closeTo(x, 14)));
});

it("starts again after equal parts of the run", () => {
  const rates = [0, 10, 40, 70, 85, 99, 100, 120].map((step) => cosine.rate({ warmup: percent(10), restarts: 2, end: 0.2 }, step, { steps: 100 }));
  expect(rates.map((rate) => Math.round(rate * 1e6) / 1e6)).toEqual([0, 1, 1, 1, 0.6, 0.202191, 0.2, 0.2]);
});

describeGoldens(cosine, ["cosine", "cosine_with_min_lr"], ({ num_cycles, min_lr, min_lr_rate }, base) => ({ cycles: num_cycles, end: min_lr_rate ?? (min_lr === undefined ? 0 : min_lr / base) }));
describeGoldens(cosine, ["cosine_with_restarts"], ({ num_cycles }) => ({ restarts: num_cycles - 1 }));
