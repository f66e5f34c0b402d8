// pretrain: a run that trains a model on an objective.

import { defineBlock } from "./define.ts";
import type { Fields } from "../fields.ts";

const evaluate: Fields = {
  every: { type: { type: "quantity", units: ["steps"], minimum: 1 }, doc: "how often; absent: only at the end" },
  data: { type: { type: "data" }, doc: "held-out data", required: true },
  metrics: { type: { type: "list", of: { type: "word", registry: "metric" }, minimum: 1 }, doc: "what is measured", default: "[loss]" },
};

const checkpoint: Fields = {
  every: { type: { type: "quantity", units: ["steps", "time"], minimum: 1 }, doc: "how often; absent: only at the end" },
  keep: { type: { type: "integer", minimum: 1 }, doc: "how many of the latest are kept, beside the best", default: "3" },
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
    model: { type: { type: "declaration", kinds: ["model"] }, doc: "the architecture, called with its sizes; `vocab` follows the tokenizer", required: true },
    tokenizer: { type: { type: "declaration", kinds: ["tokenizer"] }, doc: "how text becomes ids; a run on synthetic data alone needs none", required: true },
    data: { type: { type: "data" }, doc: "what is trained on; of a source with a split, its `train` part", required: true },
    objective: { type: { type: "objective" }, doc: "what is predicted", required: true },
    length: { type: { type: "integer", minimum: 1 }, doc: "positions of a sequence", default: "context" },
    pack: { type: { type: "switch" }, doc: "several documents in one sequence: `document` is applied to every mask and positions restart", default: "off" },
    batch: { type: { type: "quantity", units: ["examples", "tokens"], minimum: 1 }, doc: "of one step, whatever the micro-batches", required: true },
    train: { type: { type: "quantity", units: ["steps", "tokens", "epochs", "examples", "tokens_per_parameter"], minimum: 0 }, doc: "how long, or `tokens_per_parameter(20)`", required: true },
    optimizer: { type: { type: "word", registry: "optimizer" }, doc: "how weights follow gradients", required: true },
    schedule: { type: { type: "word", registry: "schedule" }, doc: "how the learning rate changes", default: "constant" },
    precision: { type: { type: "choice", words: { f32: "float32 throughout", bf16: "their inputs rounded to bfloat16, sums in float32; all else float32" } }, doc: "of matrix products", default: "f32" },
    memory: { type: { type: "quantity", units: ["bytes"], minimum: 1 }, doc: "a limit that decides micro-batches and recomputation, never the result" },
    guard: { type: { type: "choice", words: { stop: "stop and keep the last checkpoint", skip: "leave the batch out", rollback: "return to the last checkpoint and leave the batch out" } }, doc: "what to do about a non-finite loss", default: "stop" },
    evaluate: { type: { type: "section", fields: evaluate }, doc: "measuring on held-out data" },
    checkpoint: { type: { type: "section", fields: checkpoint }, doc: "saving", default: "{}" },
    sample: { type: { type: "section", fields: sample }, doc: "text generated while training" },
    seed: { type: { type: "integer", minimum: 0, maximum: 9_007_199_254_740_991 }, doc: "of initialisation, order, dropout and sampling", default: "0" },
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
