// Fields that every run has, whatever it learns: written once for `pretrain` and `finetune`.

import type { Field, Fields } from "../fields.ts";

const checkpoint: Fields = {
  every: { type: { type: "quantity", units: ["steps", "time"], minimum: 1 }, doc: "how often; absent: only at the end" },
  keep: { type: { type: "integer", minimum: 1 }, doc: "how many of the latest are kept, beside the best", default: "3" },
};

export const evaluateEvery: Field = { type: { type: "quantity", units: ["steps"], minimum: 1 }, doc: "how often; absent: only at the end" };

/** What is trained, for how many positions. */
export const subject: Fields = {
  model: { type: { type: "declaration", kinds: ["model"] }, doc: "the architecture, called with its sizes; `vocab` follows the tokenizer", required: true },
  tokenizer: { type: { type: "declaration", kinds: ["tokenizer"] }, doc: "how text becomes ids; a run on synthetic data alone, or on images alone, needs none", required: true },
  data: { type: { type: "data" }, doc: "what is trained on; of a source with a split, its `train` part", required: true },
};

export const length: Fields = {
  length: { type: { type: "integer", minimum: 1 }, doc: "positions of a sequence", default: "context" },
};

export const batch: Field = { type: { type: "quantity", units: ["examples", "tokens"], minimum: 1 }, doc: "of one step, whatever the micro-batches" };

/** How it is optimised, and on which machine. */
export const training: Fields = {
  train: { type: { type: "quantity", units: ["steps", "tokens", "epochs", "examples", "tokens_per_parameter"], minimum: 0 }, doc: "how long, or `tokens_per_parameter(20)`", required: true },
  optimizer: { type: { type: "word", registry: "optimizer" }, doc: "how weights follow gradients", required: true },
  schedule: { type: { type: "word", registry: "schedule" }, doc: "how the learning rate changes", default: "constant" },
  precision: { type: { type: "choice", words: { f32: "float32 throughout", bf16: "their inputs rounded to bfloat16, sums in float32; all else float32" } }, doc: "of matrix products", default: "f32" },
  memory: { type: { type: "quantity", units: ["bytes"], minimum: 1 }, doc: "a limit that decides micro-batches and recomputation, never the result" },
  guard: { type: { type: "choice", words: { stop: "stop and keep the last checkpoint", skip: "leave the batch out", rollback: "return to the last checkpoint and leave the batch out" } }, doc: "what to do about a non-finite loss", default: "stop" },
};

export const saving: Fields = {
  checkpoint: { type: { type: "section", fields: checkpoint }, doc: "saving", default: "{}" },
};

export const seed: Fields = {
  seed: { type: { type: "integer", minimum: 0, maximum: 9_007_199_254_740_991 }, doc: "of initialisation, order, dropout and sampling", default: "0" },
};
