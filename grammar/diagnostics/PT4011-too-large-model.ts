// PT4011: a model too large to lay out.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const tooLargeModel = defineDiagnostic<{ limit: number }>({
  code: "PT4011",
  slug: "too-large-model",
  severity: "error",
  title: "a model too large to lay out",
  message: ({ limit }) => `the model has more than ${limit} layers`,
  page: "A count is most likely mistyped: `10M layers` instead of `10`.",
  failing: tinyModel.replace("repeat 2", "repeat 20k"),
  fixed: tinyModel,
});
