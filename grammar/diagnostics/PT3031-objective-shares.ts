// PT3031: shares of an objective that do not sum to 100 %.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const objectiveShares = defineDiagnostic<{ total: number; what: string }>({
  code: "PT3031",
  slug: "objective-shares",
  severity: "error",
  title: "shares of an objective that do not sum to 100 %",
  message: ({ total, what }) => `the shares of ${what} sum to ${total}%, not 100%`,
  page: "Each noised token shows exactly one of the things that have shares, and each example belongs to one entry of a mixture.",
  failing: encoderRun("mine", "objective mine { noise: tokens(15%)  input: 80% * <mask> + 10% * keep  target: in_place }\n"),
  fixed: encoderRun("mine", "objective mine { noise: tokens(15%)  input: 80% * <mask> + 20% * keep  target: in_place }\n"),
});
