// polynomial: factors by hand, and transformers' rates.

import { expect, it } from "vitest";
import { polynomial } from "../../compiler/schedules/polynomial.ts";
import { describeGoldens, steps } from "./golden.ts";

it("falls as a power of what is left, to its end", () => {
  const rates = [0, 1, 2, 4, 6, 7].map((step) => polynomial.rate({ warmup: steps(2), end: 0.2, power: 2 }, step, { steps: 6 }));
  expect(rates).toEqual([0, 0.5, 1, 0.4, 0.2, 0.2].map((x) => expect.closeTo(x, 14)));
});

describeGoldens(polynomial, ["polynomial"], ({ power, lr_end = 1e-7 }, base) => ({ end: lr_end / base, ...(power === undefined ? {} : { power }) }));
