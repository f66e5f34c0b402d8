// tokens(vocab, width): the table of token embeddings.

import { outOfRange } from "../../grammar/diagnostics/PT3005-out-of-range.ts";
import { defineLayer, initialized, isOn, matrix, numberIn } from "./define.ts";

export const tokens = defineLayer({
  word: "tokens",
  doc: "Looks each token up in a table [vocab, width].",
  role: "embedding",
  parameters: {
    vocab: { type: { type: "integer", minimum: 1 }, doc: "rows of the table", positional: true, required: true },
    width: { type: { type: "integer", minimum: 1 }, doc: "features of a token", positional: true, required: true },
    padding: { type: { type: "any", of: [{ type: "switch", only: "off" }, { type: "token" }, { type: "integer", minimum: 0 }] }, doc: "a token or id whose row gets no gradient from the lookup (a tied head still gives it one)", default: "off" },
    ...initialized,
    scaled: { type: { type: "switch" }, doc: "multiply the lookup by √width", default: "off" },
  },
  check: (args, _, report) => {
    const [padding, vocab] = [args.padding, numberIn(args, "vocab")];
    if (typeof padding === "number" && padding >= vocab) report(outOfRange, { value: padding, wanted: `an id below ${vocab}, the rows of the table,` }, "padding");
  },
  width: (args) => numberIn(args, "width"),
  weights: (args) => ({ weight: matrix(numberIn(args, "vocab"), numberIn(args, "width")) }),
  build: (c, _, args, { weight }) => {
    const found = c.b.embedding(weight, c.field("tokens"), { padding: typeof args.padding === "number" ? args.padding : null });
    return isOn(args, "scaled") ? c.b.scale(found, { factor: Math.sqrt(numberIn(args, "width")) }) : found;
  },
});
