// PT5124: a run that is to write samples, and cannot.

import { defineDiagnostic } from "./define.ts";

const spec = (sample: string): string => `model tiny(vocab, width = 8) {
  encoder { embed: tokens(vocab, width)  residual { rmsnorm attention(2, mask: full) } }
  head mlm { tied }
}
data novels { files: "texts/*.txt" }
tokenizer letters { kind: bytes  special: [<pad>, <mask>] }
pretrain small { model: tiny()  tokenizer: letters  data: novels  objective: masked  length: 16  batch: 4 examples  train: 10 steps  optimizer: adamw(lr: 1e-3)${sample} }
`;

export const unsampledRun = defineDiagnostic<{ run: string; model: string }>({
  code: "PT5124",
  slug: "unsampled-run",
  severity: "error",
  title: "a run that is to write samples, and cannot",
  message: ({ run, model }) => `\`${run}\` has nothing to write samples with: \`${model}\` has no decoder whose head \`lm\` the run trains`,
  hint: () => "remove `sample` (in an extension: `remove sample`), or train a decoder to predict the next token",
  page: "Samples are written token by token, by the head `lm` of a decoder. An encoder that fills in what is masked has none: without this message the field would have no effect.",
  failing: spec('  sample { every: 5 steps  prompt: "Call me" }'),
  fixed: spec(""),
});
