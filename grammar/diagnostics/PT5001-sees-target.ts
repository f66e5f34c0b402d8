// PT5001: a mask, or an input, that shows an objective its own target.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const seesTarget = defineDiagnostic<{ layer: string; query: number; key: number; objective: string; prefix?: boolean; kept?: boolean }>({
  code: "PT5001",
  slug: "sees-target",
  severity: "error",
  title: "a mask, or an input, that shows an objective its own target",
  message: ({ query, key, objective, kept }) => kept ? `every noised place is shown as it is (\`keep\`), so \`${objective}\` reads its own target` : `under this mask position ${query} sees position ${key}, so \`${objective}\` could read its own target`,
  hint: ({ layer, prefix, kept }) => kept ? "hide some of them: `input: 80% * <mask> + 10% * random + 10% * keep`, as `masked` does" : `use ${prefix ? "`prefix` or " : ""}\`causal\`, or compose it: \`causal & …\` (in \`${layer}\`)`,
  page: "A next-token objective predicts at each position the token that follows. If any layer lets a position see a later one, the model copies the answer and learns nothing. A prediction in place (`target: in_place`) whose input keeps every token is the same: the answer stands at its own position.",
  failing: smallRun.replace("mask: causal", "mask: full"),
  fixed: smallRun,
});
