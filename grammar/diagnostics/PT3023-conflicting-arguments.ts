// PT3023: arguments that do not go together.

import { defineDiagnostic } from "./define.ts";
import { runExample } from "./_run-example.ts";

export const conflictingArguments = defineDiagnostic<{ word: string; problem: string }>({
  code: "PT3023",
  slug: "conflicting-arguments",
  severity: "error",
  title: "arguments that do not go together",
  message: ({ word, problem }) => `\`${word}\`: ${problem}`,
  page: "Each argument is right on its own, but together they have no meaning.",
  failing: runExample({ optimizer: "sgd(lr: 1e-3, nesterov: on)" }),
  fixed: runExample({ optimizer: "sgd(lr: 1e-3, momentum: 0.9, nesterov: on)" }),
});
