// constant: warm-up in both units, and transformers' rates.

import { expect, it } from "vitest";
import { constant } from "../../compiler/schedules/constant.ts";
import { describeGoldens, percent, steps } from "./golden.ts";

it("rises over the warm-up, given in steps or in percent", () => {
  const rates = (warmup: ReturnType<typeof steps> | undefined) => [0, 1, 2, 3].map((step) => constant.rate({ warmup }, step, { steps: 50 }));
  expect(rates(steps(2))).toEqual([0, 0.5, 1, 1]);
  expect(rates(percent(4))).toEqual([0, 0.5, 1, 1]);
  expect(rates(undefined)).toEqual([1, 1, 1, 1]);
});

it("refuses a unit that was not converted", () => expect(() => constant.rate({ warmup: { value: 5, unit: "tokens" } }, 0, { steps: 9 })).toThrow("`tokens`"));

describeGoldens(constant, ["constant", "constant_with_warmup"]);
