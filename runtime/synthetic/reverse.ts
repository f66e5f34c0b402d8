// `reverse`: ids, a separator, and the ids in reverse: what follows the separator can be learned exactly, what stands before it not at all.

import { argument, defineSynthetic, draws, examples } from "./define.ts";

export const reverse = defineSynthetic({
  word: "reverse",
  doc: "`length` ids at random, a separator (the id `vocab − 1`), and the ids in reverse.",
  parameters: {
    vocab: { type: { type: "integer", minimum: 2 }, doc: "number of ids, the separator among them", default: "17" },
    length: { type: { type: "integer", minimum: 1 }, doc: "ids before the separator", default: "8" },
    examples,
  },
  ids: (args) => argument(args, "vocab"),
  draw(args, random) {
    const separator = argument(args, "vocab") - 1;
    const first = draws(argument(args, "length"), separator, random);
    return [...first, separator, ...first.toReversed()];
  },
});
