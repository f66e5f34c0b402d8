// inverse_sqrt: factors by hand, and transformers' rates.

import { expect, it } from "vitest";
import { inverse_sqrt } from "../../compiler/schedules/inverse_sqrt.ts";
import { describeGoldens, steps } from "./golden.ts";

it("halves when the step is four times the warm-up", () => {
  const rates = (ramp: boolean) => [0, 50, 100, 400, 10_000].map((step) => inverse_sqrt.rate({ warmup: steps(100), ramp }, step, { steps: 1 }));
  expect(rates(true)).toEqual([0, 0.5, 1, 0.5, 0.1].map((x) => expect.closeTo(x, 14)));
  expect(rates(false)).toEqual([1, 1, 1, 0.5, 0.1].map((x) => expect.closeTo(x, 14)));
});

describeGoldens(inverse_sqrt, ["inverse_sqrt"], ({ timescale }) => (timescale === undefined ? {} : { timescale: steps(timescale) }));
