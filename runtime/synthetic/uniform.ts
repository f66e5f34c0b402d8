// `uniform`: ids at random, each as likely: nothing can be learned, the best loss is ln(vocab).

import { argument, defineSynthetic, draws, examples } from "./define.ts";

export const uniform = defineSynthetic({
  word: "uniform",
  doc: "Ids at random, each as likely as any other: for measuring speed, and for the loss of nothing learned, ln(vocab).",
  parameters: {
    vocab: { type: { type: "integer", minimum: 1 }, doc: "number of different ids", required: true },
    length: { type: { type: "integer", minimum: 1 }, doc: "ids of a document", default: "512" },
    examples,
  },
  ids: (args) => argument(args, "vocab"),
  draw: (args, random) => draws(argument(args, "length"), argument(args, "vocab"), random),
});
