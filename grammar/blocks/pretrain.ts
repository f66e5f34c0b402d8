// pretrain: a run that trains a model on an objective.

import type { Fields } from "../fields.ts";
import { batch, evaluateEvery, length, saving, seed, subject, training } from "./_run.ts";
import { defineBlock } from "./define.ts";

const evaluate: Fields = {
  every: evaluateEvery,
  data: { type: { type: "data" }, doc: "held-out data", required: true },
  metrics: { type: { type: "list", of: { type: "word", registry: "metric" }, minimum: 1 }, doc: "what is measured", default: "[loss]" },
};

const sample: Fields = {
  every: { type: { type: "quantity", units: ["steps"], minimum: 1 }, doc: "how often", required: true },
  prompt: { type: { type: "string" }, doc: "the text to go on from", default: '""' },
  tokens: { type: { type: "integer", minimum: 1 }, doc: "how many to generate", default: "60" },
  decode: { type: { type: "word", registry: "decoding" }, doc: "how tokens are chosen; absent: `sample` with the fields below" },
  temperature: { type: { type: "number", minimum: 0 }, doc: "0 is greedy; absent: 1" },
  top_k: { type: { type: "integer", minimum: 1 }, doc: "only the k likeliest tokens" },
  top_p: { type: { type: "number", minimum: 0, maximum: 1, exclusive: true }, doc: "only the likeliest tokens that together have this probability" },
};

export const pretrain = defineBlock({
  word: "pretrain",
  doc: "A training run: a model, its data and objective, and how it is optimised.",
  form: "fields",
  relations: ["extends", "from"],
  run: true,
  fields: {
    ...subject,
    objective: { type: { type: "objective" }, doc: "what is predicted", required: true },
    ...length,
    pack: { type: { type: "switch" }, doc: "several documents in one sequence: `document` is applied to every mask and positions restart", default: "off" },
    batch: { ...batch, required: true },
    ...training,
    evaluate: { type: { type: "section", fields: evaluate }, doc: "measuring on held-out data" },
    ...saving,
    sample: { type: { type: "section", fields: sample }, doc: "text generated while training" },
    ...seed,
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
  schedule: cosine(warmup: 5%)
}`,
});
