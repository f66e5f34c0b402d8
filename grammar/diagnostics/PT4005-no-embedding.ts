// PT4005: a stack that does not begin with its embedding.

import { defineDiagnostic } from "./define.ts";

export const noEmbedding = defineDiagnostic<{ stack: string }>({
  code: "PT4005",
  slug: "no-embedding",
  severity: "error",
  title: "a stack that does not begin with its embedding",
  message: ({ stack }) => `the stack \`${stack}\` has no \`embed\``,
  hint: () => "add `embed: tokens(vocab, width)`",
  page: "A stack is a sequence of layers applied to a stream that begins with its embedding: `embed: tokens(vocab, width) + learned_positions(context)`.",
  failing: `model tiny { decoder { residual { rmsnorm } } }
`,
  fixed: `model tiny { decoder { embed: tokens(300, 8) residual { rmsnorm } } }
`,
});
