// tied: logits by the token table (Press and Wolf 2017): dense(vocab, bias: off, tied: on).

import { noTable } from "../../grammar/diagnostics/PT4004-no-table.ts";
import { biasOf, defineLayer, isOn } from "./define.ts";

export const tied = defineLayer({
  word: "tied",
  doc: "Scores every token by the table of token embeddings.",
  role: "stream",
  parameters: { bias: { type: { type: "any", of: [{ type: "switch" }, { type: "choice", words: { buffer: "stored and added, never trained, not counted" } }] }, doc: "learn a shift of each token; `buffer` keeps one that is never trained", default: "off" } },
  check: (_, input, report) => {
    if (!input.table || input.table.width !== input.width) report(noTable, { width: input.width, table: input.table?.width ?? null });
  },
  width: (_, input) => input.table?.vocab ?? 1,
  weights: (args, input) => ({ ...(isOn(args, "bias") && input.table ? { bias: { ...biasOf(input.table.vocab), ...(args.bias === "buffer" ? { buffer: true } : {}) } } : {}) }),
  build: (c, x, _, { bias }) => c.b.linear(x!, c.table(), bias ?? null),
});
