// PT3021: shares of a split that do not sum to 100 %.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const splitShares = defineDiagnostic<{ total: number }>({
  code: "PT3021",
  slug: "split-shares",
  severity: "error",
  title: "shares of a split that do not sum to 100 %",
  message: ({ total }) => `the shares of the split sum to ${total}%, not 100%`,
  page: "Every example belongs to exactly one part, so the shares must sum to 100 %.",
  failing: smallRun.replace("train: 90%", "train: 80%"),
  fixed: smallRun,
});
