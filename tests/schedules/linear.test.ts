// linear: factors by hand, and transformers' rates.

import { expect, it } from "vitest";
import { linear } from "../../compiler/schedules/linear.ts";
import { describeGoldens, steps } from "./golden.ts";

it("falls to its end and stays there", () => {
  const rates = (end: number) => [0, 1, 2, 3, 4, 6, 7].map((step) => linear.rate({ warmup: steps(2), end }, step, { steps: 6 }));
  expect(rates(0)).toEqual([0, 0.5, 1, 0.75, 0.5, 0, 0]);
  expect(rates(0.2)).toEqual([0, 0.5, 1, 0.8, 0.6, 0.2, 0.2].map((x) => expect.closeTo(x, 14)));
});

describeGoldens(linear, ["linear"]);
