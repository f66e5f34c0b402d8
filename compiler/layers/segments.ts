// segments(types): one learned vector for each text of a pair (Devlin et al. 2019).

import { defineLayer, initialized, matrix, numberIn } from "./define.ts";

export const segments = defineLayer({
  word: "segments",
  doc: "A learned vector for the segment that a token belongs to; a missing segment is 0.",
  role: "embedding",
  parameters: { types: { type: { type: "integer", minimum: 1 }, doc: "how many segments", positional: true, required: true }, ...initialized },
  width: (_, input) => input.width,
  weights: (args, input) => ({ weight: matrix(numberIn(args, "types"), input.width) }),
  build: (c, _, __, { weight }) => c.b.embedding(weight, c.field("segments"), { padding: null }),
});
