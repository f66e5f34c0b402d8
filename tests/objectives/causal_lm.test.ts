import { expect, test } from "vitest";
import { causal_lm } from "../../runtime/objectives/causal_lm.ts";

test("every position predicts the next: one more raw token than inputs", () => {
  expect(causal_lm).toMatchObject({ next: true, head: "lm" });
  expect(causal_lm.lengths(128)).toEqual({ raw: 129, inputs: 128, targets: 128 });
});
