// PT3020: `cycle` where nothing is repeated.

import { defineDiagnostic } from "./define.ts";

export const cycleOutside = defineDiagnostic<Record<string, never>>({
  code: "PT3020",
  slug: "cycle-outside",
  severity: "error",
  title: "`cycle` where nothing is repeated",
  message: () => "`cycle` gives each copy of a `repeat` a value in turn: it needs a `repeat` around it and arguments without names",
  page: "`mask: cycle(causal, causal & window(128))` gives copy i of the innermost `repeat` the value i mod n.",
  failing: `model tiny(width = 8) { decoder { embed: tokens(300, width) residual { attention(2, mask: cycle(causal, full)) } } }
`,
  fixed: `model tiny(width = 8) { decoder { embed: tokens(300, width) repeat 2 { residual { attention(2, mask: cycle(causal, full)) } } } }
`,
});
