// ablation: one table of a paper: a baseline, rows that change it, seeds and measures.

import { defineBlock } from "./define.ts";

export const ablation = defineBlock({
  word: "ablation",
  doc: "A table: a baseline, rows that each change something of it, seeds, and what is measured.",
  form: "fields",
  relations: ["of"],
  rows: true,
  fields: {
    seeds: { type: { type: "integer", minimum: 1, maximum: 10_000 }, doc: "runs of each row: the baseline's seed and those that follow it, the same in every row and in what starts from it", default: "1" },
    measure: { type: { type: "any", of: [{ type: "list", of: { type: "path" }, minimum: 1 }, { type: "path" }] }, doc: "metrics of the rows (`loss`), or of runs that start from the baseline (`spam.accuracy`) and of evaluations of them (`translate.bleu`, and in quotes `\"translate.4_shot.bleu\"`), which every row gets; absent: what the baseline's `evaluate` measures" },
    published: { type: { type: "string", path: true }, doc: "a CSV to compare with: labels of rows in the first column, measures in the others" },
    assert: { type: { type: "any", of: [{ type: "word", registry: "assertion" }, { type: "list", of: { type: "word", registry: "assertion" } }] }, doc: "what must hold before anything is run" },
    fit: { type: { type: "word", registry: "fit" }, doc: "a law that the report fits through the rows" },
  },
  example: `import { gpt2 } from "ptarmigan/gpt2.pt"
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer words { kind: bpe(vocab: 512)  trained_on: novels  special: [<pad>, <eos>] }
pretrain small {
  model: gpt2(layers: 4, width: 128, heads: 4, context: 128)
  tokenizer: words
  data: novels
  objective: causal_lm
  batch: 32 examples
  train: 2k steps
  optimizer: adamw(lr: 1e-3)
  evaluate { data: novels.valid  metrics: [loss, perplexity] }
}
ablation sizes of small {
  vary model.width in [64, 256]
  vary { "short": { train: 1k steps }  "without decay": { optimizer.weight_decay: 0 } }
  seeds: 3
  measure: [loss]
  assert: equal(parameters, within: 2000%)
  fit: power_law(parameters, flops)
}`,
});
