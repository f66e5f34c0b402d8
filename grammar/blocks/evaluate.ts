// evaluate: what a trained run answers to prompts, with and without examples in the prompt.

import { defineBlock } from "./define.ts";
import type { Fields } from "../fields.ts";

const chain_of_thought: Fields = {
  after: { type: { type: "string" }, doc: "the answer is what follows this text, the last time it occurs, to the end of the line, without a final `.`" },
  pattern: { type: { type: "string" }, doc: "a regular expression with one group: the answer is the group of its last match" },
};

export const evaluate = defineBlock({
  word: "evaluate",
  doc: "Measures a run by prompts: what it generates, or which of several choices it finds likeliest, with some solved examples in the prompt. Nothing is trained (Brown et al. 2020).",
  form: "fields",
  relations: ["extends", "of"],
  fields: {
    data: { type: { type: "data" }, doc: "what is asked, a row a question", required: true },
    prompt: { type: { type: "prompt" }, doc: "what is asked, and the right answer: texts whose holes are columns of the data", required: true },
    template: { type: { type: "declaration", kinds: ["template"] }, doc: "questions and answers become messages of a conversation, written as this template has them" },
    shots: { type: { type: "list", of: { type: "integer", minimum: 0 }, minimum: 1 }, doc: "how many solved examples stand before the question; each number is measured", default: "[0]" },
    shots_from: { type: { type: "data" }, doc: "where the solved examples are drawn from; absent: the `train` part of the data. The question itself is never among them" },
    separator: { type: { type: "string" }, doc: "between solved examples, and before the question", default: '"\\n\\n"' },
    choices: {
      type: { type: "any", of: [{ type: "switch", only: "off" }, { type: "list", of: { type: "template" }, minimum: 2 }, { type: "name", what: "column of the data" }] },
      doc: "what could stand in the one hole of the answer: a list of texts, which may have holes themselves, or a column of type `words`. The likeliest is chosen, instead of generating",
      default: "off",
    },
    normalize: {
      type: { type: "choice", words: { none: "the sum of the log-probabilities of a choice's tokens", tokens: "their mean", bytes: "the sum by the choice's bytes of UTF-8" } },
      doc: "what choices are compared by (Brown et al. 2020, section 2.4; the LM Evaluation Harness)",
      default: "none",
    },
    chain_of_thought: { type: { type: "section", fields: chain_of_thought }, doc: "answers begin with reasoning: how the answer is found in what was generated, and in the right text" },
    stop: { type: { type: "list", of: { type: "string" }, minimum: 1 }, doc: "what is generated ends before any of these texts; absent: the separator, or what ends an answer of the template" },
    metrics: { type: { type: "list", of: { type: "word", registry: "metric" }, minimum: 1 }, doc: "of texts; with `choices`, or where the answer is a class, also of labels", required: true },
    decode: { type: { type: "word", registry: "decoding" }, doc: "how answers are generated", default: "greedy(tokens: 32)" },
    limit: { type: { type: "quantity", units: ["examples"], minimum: 1 }, doc: "at most so many rows, drawn by the seed; absent: all" },
    seed: { type: { type: "integer", minimum: 0, maximum: 9_007_199_254_740_991 }, doc: "of the solved examples, of `limit` and of sampling", default: "0" },
  },
  example: `import { gpt2 } from "ptarmigan/gpt2.pt"
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
data pairs { files: "pairs.jsonl"  format: jsonl  columns { english: string  french: string }  split { train: 80%  test: 20% } }
tokenizer words { kind: bpe(vocab: 512)  trained_on: novels  special: [<pad>, <eos>] }
pretrain small {
  model: gpt2(layers: 4, width: 128, heads: 4, context: 128)
  tokenizer: words
  data: novels
  objective: causal_lm
  batch: 32 examples
  train: 2k steps
  optimizer: adamw(lr: 1e-3)
}
evaluate translate of small {
  data: pairs.test
  prompt: "English: {english}\\nFrench: " -> "{french}"
  shots: [0, 1, 4]
  metrics: [exact_match, bleu]
}`,
});
