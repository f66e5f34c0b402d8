// PT4006: a model without a stack.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const noStack = defineDiagnostic<{ name: string }>({
  code: "PT4006",
  slug: "no-stack",
  severity: "error",
  title: "a model without a stack",
  message: ({ name }) => `the model \`${name}\` has no stack`,
  page: "A model has at least one `encoder { … }` or `decoder { … }`.",
  failing: tinyModel.replace("\n  decoder {\n    embed: tokens(300, width)\n    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }\n  }\n  head lm { tied }\n", " head lm { dense(width) } "),
  fixed: `model tiny(width = 8) { decoder { embed: tokens(300, width) } head lm { dense(width) } }
`,
});
