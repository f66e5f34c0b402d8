// PT5001: a mask that shows a next-token objective its own target.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const seesTarget = defineDiagnostic<{ layer: string; query: number; key: number; objective: string; prefix?: boolean }>({
  code: "PT5001",
  slug: "sees-target",
  severity: "error",
  title: "a mask that shows a next-token objective its own target",
  message: ({ query, key, objective }) => `under this mask position ${query} sees position ${key}, so \`${objective}\` could read its own target`,
  hint: ({ layer, prefix }) => `use ${prefix ? "`prefix` or " : ""}\`causal\`, or compose it: \`causal & …\` (in \`${layer}\`)`,
  page: "A next-token objective predicts at each position the token that follows. If any layer lets a position see a later one, the model copies the answer and learns nothing.",
  failing: smallRun.replace("mask: causal", "mask: full"),
  fixed: smallRun,
});
