// PT3013: units that do not go together.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const mixedUnits = defineDiagnostic<{ left: string; right: string; operator: string }>({
  code: "PT3013",
  slug: "mixed-units",
  severity: "error",
  title: "units that do not go together",
  message: ({ left, right, operator }) => `\`${left}\` and \`${right}\` cannot be combined with \`${operator}\``,
  page: "Steps, tokens, examples and epochs convert into each other only through a run's batch, length and data; in an expression they stay what they are.",
  failing: smallRun.replace("train: 10 steps", "train: 10 steps + 3 epochs"),
  fixed: smallRun,
});
