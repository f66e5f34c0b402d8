// PT5013: fewer sentinels than an objective may need.

import { defineDiagnostic } from "./define.ts";
import { sequenceRun } from "./_objective-example.ts";

export const fewSentinels = defineDiagnostic<{ objective: string; needed: number; tokenizer: string; sentinels: number }>({
  code: "PT5013",
  slug: "few-sentinels",
  severity: "error",
  title: "fewer sentinels than an objective may need",
  message: ({ objective, needed, tokenizer, sentinels }) => `an example of \`${objective}\` may need ${needed} sentinels; the tokenizer \`${tokenizer}\` has ${sentinels}`,
  hint: ({ needed }) => `use \`sentinels: ${needed}\`, a lower rate, or longer spans`,
  page: "Each noised stretch of an example has a sentinel of its own, and one more closes the target. How many there can be follows from the length, the rate and the mean length of a span.",
  failing: sequenceRun("span_corruption(50%, span: 1)", "sentinels: 2"),
  fixed: sequenceRun("span_corruption(50%, span: 1)", "sentinels: 20"),
});
