// finetune: a run that trains a model, usually a pretrained one, on a labelled task.

import { batch, evaluateEvery, length, saving, seed, subject, training } from "./_run.ts";
import { defineBlock } from "./define.ts";

export const finetune = defineBlock({
  word: "finetune",
  doc: "A run on a task with right answers: `classify(text, label)` and the like, from the weights of another run, or from random ones where it names its own `model`: a ViT, whose pretraining is classification, is trained this way from the start. A run on images needs no `tokenizer`, and no `length`.",
  form: "fields",
  relations: ["extends", "from"],
  run: true,
  fields: {
    ...subject,
    data: { ...subject.data, required: false, doc: `${subject.data.doc}; absent: the data that the task names` },
    task: { type: { type: "word", registry: "task" }, doc: "what is learned, from which columns of the data", required: true },
    ...length,
    batch: { ...batch, default: "32 examples" },
    ...training,
    adapt: { type: { type: "word", registry: "adaptation" }, doc: "which weights are trained, and which are added for it", default: "everything" },
    metrics: { type: { type: "list", of: { type: "word", registry: "metric" }, minimum: 1 }, doc: "what is measured on held-out data, beside `loss`; the first one decides which checkpoint is the best; absent: what is usual for the task" },
    evaluate: {
      type: {
        type: "section",
        fields: {
          every: evaluateEvery,
          data: { type: { type: "data" }, doc: "held-out data; absent: the `valid` part of the run's data, else its `test` part" },
        },
      },
      doc: "measuring on held-out data",
    },
    compare_with: { type: { type: "choice", words: { scratch: "the same run from random weights" } }, doc: "a run that is trained beside it, for comparison" },
    examples: {
      type: { type: "any", of: [{ type: "integer", minimum: 1 }, { type: "list", of: { type: "integer", minimum: 1 }, minimum: 1 }] },
      doc: "train on so many labelled examples, drawn by the seed; a list: on all of them, and once more for each number, for a learning curve",
    },
    ...saving,
    ...seed,
  },
  example: `import { bert } from "ptarmigan/bert.pt"
data messages { files: "spam.csv"  format: csv  columns { text: string  label: class }  split { train: 80%  valid: 20% } }
tokenizer words { kind: wordpiece(vocab: 512)  trained_on: messages  special: [<pad>, <unk>, <cls>, <sep>, <mask>] }
finetune spam {
  model: bert(layers: 2, width: 64, heads: 2, context: 64)
  tokenizer: words
  data: messages
  task: classify(text, label)
  train: 3 epochs
  optimizer: adamw(lr: 5e-4)
  metrics: [accuracy, matthews]
}`,
});
