// PT7041: a contrastive run on data without images.

import { defineDiagnostic } from "./define.ts";

const run = (objective: string): string => `model pair(vocab, width = 8) {
  encoder image {
    embed: class_token(patches(width, size: 2, channels: 3)) + learned_positions(5)
    residual { layernorm attention(2, mask: full) }
  }
  encoder text {
    embed: tokens(vocab, width) + learned_positions(8)
    residual { layernorm attention(2, mask: causal) }
  }
  head contrastive {
    image { pool(first) dense(8, bias: off) }
    text { pool(last) dense(8, bias: off) }
    cosine
  }
}
model reader(vocab, width = 8) {
  encoder {
    embed: tokens(vocab, width)
    residual { layernorm attention(2, mask: full) }
  }
  head mlm { tied }
}
data novels { files: "data.txt" }
tokenizer letters { kind: bytes  special: [<pad>, <mask>] }
pretrain small {
  model: ${objective === "contrastive" ? "pair" : "reader"}()
  tokenizer: letters
  data: novels
  objective: ${objective}
  length: 8
  batch: 2 examples
  train: 1 steps
  optimizer: adamw(lr: 1e-3)
}
`;

export const noImages = defineDiagnostic<{ readonly objective: string }>({
  code: "PT7041",
  slug: "no-images",
  severity: "error",
  title: "A contrastive run on data without images.",
  message: ({ objective }) => `\`${objective}\` sets images against texts, and this source gives texts alone`,
  hint: () => "this version plans contrastive runs; it reads no images yet",
  page: "A contrastive objective needs a source that gives an image with every text. The formats that this version reads give texts alone, so such a run can be planned and its cost counted, but not trained.",
  failing: { files: { "main.pt": run("contrastive"), "data.txt": "One text.\n" }, command: ["inspect", "main.pt"] },
  fixed: { files: { "main.pt": run("masked"), "data.txt": "One text.\n" }, command: ["inspect", "main.pt"] },
});
