// learned_positions(context): one learned row a position.

import { defineLayer, matrix, numberIn } from "./define.ts";

export const learned_positions = defineLayer({
  word: "learned_positions",
  doc: "A learned vector for each position, from a table [context + offset, width]; position p reads row p + offset.",
  role: "embedding",
  parameters: {
    context: { type: { type: "integer", minimum: 1 }, doc: "positions", positional: true, required: true },
    offset: { type: { type: "integer", minimum: 0 }, doc: "rows before that of position 0", default: "0" },
  },
  width: (_, input) => input.width,
  context: (args) => numberIn(args, "context"),
  weights: (args, input) => ({ weight: matrix(numberIn(args, "context") + numberIn(args, "offset"), input.width) }),
  build: (c, _, args, { weight }) => {
    const offset = numberIn(args, "offset");
    const rows = offset ? c.b.slice(weight, { axis: 0, start: offset, size: numberIn(args, "context") }) : weight;
    return c.b.embedding(rows, c.positions, { padding: null });
  },
});
