// `copy`: ids, a separator, and the same ids again: what follows the separator can be learned exactly, what stands before it not at all.

import { argument, defineSynthetic, draws, examples } from "./define.ts";

export const copy = defineSynthetic({
  word: "copy",
  doc: "`length` ids at random, a separator (the id `vocab − 1`), and the same ids again.",
  parameters: {
    vocab: { type: { type: "integer", minimum: 2 }, doc: "number of ids, the separator among them", default: "17" },
    length: { type: { type: "integer", minimum: 1 }, doc: "ids before the separator", default: "8" },
    examples,
  },
  ids: (args) => argument(args, "vocab"),
  draw(args, random) {
    const separator = argument(args, "vocab") - 1;
    const first = draws(argument(args, "length"), separator, random);
    return [...first, separator, ...first];
  },
});
