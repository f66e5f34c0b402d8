// PT2008: a name that is defined and never used.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const unused = defineDiagnostic<{ name: string; what: string }>({
  code: "PT2008",
  slug: "unused",
  severity: "error",
  title: "a name that is defined and never used",
  message: ({ name, what }) => `the ${what} \`${name}\` is never used`,
  hint: () => "use it or remove it",
  page: "A parameter, a `let` or an import that nothing uses is most often a misspelling somewhere else: the value that was meant to be used is not.",
  failing: tinyModel.replace("8", "8, hidden = 32"),
  fixed: `model tiny(width = 8, hidden = 32) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(hidden, gelu) } }
  }
  head lm { tied }
}
`,
});
