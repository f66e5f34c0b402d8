// learned_positions(context): one learned row a position.

import { countedOffset } from "../../grammar/diagnostics/PT4017-counted-offset.ts";
import { defineLayer, initialized, matrix, numberIn } from "./define.ts";

export const learned_positions = defineLayer({
  word: "learned_positions",
  doc: "A learned vector for each position, from a table [context + offset, width]; position p reads row p + offset.",
  role: "embedding",
  parameters: {
    context: { type: { type: "integer", minimum: 1 }, doc: "positions", positional: true, required: true },
    offset: { type: { type: "integer", minimum: 0 }, doc: "rows before that of position 0", default: "0" },
    count: { type: { type: "choice", words: { all: "every place counts", real: "real tokens count; padding reads row offset - 1, which gets no gradient" } }, doc: "what is counted", default: "all" },
    ...initialized,
  },
  width: (_, input) => input.width,
  context: (args) => numberIn(args, "context"),
  weights: (args, input) => ({ weight: matrix(numberIn(args, "context") + numberIn(args, "offset"), input.width) }),
  check: (args, _, report) => {
    if (args.count === "real" && numberIn(args, "offset") < 1) report(countedOffset, {}, "count");
  },
  build: (c, _, args, { weight }) => {
    const offset = numberIn(args, "offset");
    if (args.count === "real" && c.real !== null) return c.b.embedding(weight, c.b.real_rows(c.real, c.documents, { offset }), { padding: offset - 1 });
    if (c.pixels) {
      // Every image has the same places.
      const [length, width] = [c.length, c.b.info(weight).shape[1]];
      return c.b.broadcast_to(c.b.slice(weight, { axis: 0, start: offset, size: length }), { shape: [c.batch, length, width] });
    }
    const rows = offset ? c.b.slice(weight, { axis: 0, start: offset, size: numberIn(args, "context") }) : weight;
    return c.b.embedding(rows, c.field("positions"), { padding: null });
  },
});
