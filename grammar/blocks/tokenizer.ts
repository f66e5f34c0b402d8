// tokenizer: how text becomes ids.

import { defineBlock } from "./define.ts";

export const tokenizer = defineBlock({
  word: "tokenizer",
  doc: "How text becomes ids: a kind, trained on a data source where it needs training, or a `tokenizer.json`.",
  form: "fields",
  relations: ["extends"],
  fields: {
    kind: { type: { type: "word", registry: "tokenizer" }, doc: "the algorithm" },
    file: { type: { type: "string", path: true }, doc: "a `tokenizer.json` in Hugging Face's format, relative to this file" },
    trained_on: { type: { type: "data" }, doc: "the source whose `train` part a trained kind learns from" },
    special: {
      type: { type: "any", of: [{ type: "list", of: { type: "token" } }, { type: "map", keys: "token names", of: { type: "string" } }] },
      doc: "special tokens in the order of their ids, or the names of an existing vocabulary's",
    },
    sentinels: { type: { type: "integer", minimum: 0, maximum: 10_000 }, doc: "how many sentinels `<X> <Y> <Z> <extra_3> …` follow the special tokens", default: "0" },
  },
  exactly_one: [["kind", "file"]],
  example: `data novels { files: "texts/*.txt" }
tokenizer words { kind: bpe(vocab: 4_096)  trained_on: novels  special: [<pad>, <eos>] }`,
});
