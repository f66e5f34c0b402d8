// pool(first | last | mean): one vector for the whole sequence.

import { conflictingArguments } from "../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
import { outOfRange } from "../../grammar/diagnostics/PT3005-out-of-range.ts";
import { defineLayer, isOn } from "./define.ts";

export const pool = defineLayer({
  word: "pool",
  doc: "One vector of a sequence: position 0 whatever stands there, the last real token, the first that holds an id, or the mean of all real ones.",
  role: "pool",
  parameters: {
    place: { type: { type: "choice", words: { first: "position 0, or the first that holds `token`", last: "the last real token", mean: "the mean of the real tokens" } }, doc: "which position", positional: true, required: true },
    token: { type: { type: "any", of: [{ type: "switch", only: "off" }, { type: "token" }, { type: "integer", minimum: 0 }] }, doc: "with `first`: a token or id whose first position is read", default: "off" },
  },
  check: (args, input, report) => {
    if (typeof args.token === "number" && input.table && args.token >= input.table.vocab) report(outOfRange, { value: args.token, wanted: `an id below ${input.table.vocab}, the rows of the token table,` }, "token");
    if (isOn(args, "token") && args.place !== "first") report(conflictingArguments, { word: "pool", problem: `\`token\` says which position is the first: it goes with \`first\`, not with \`${String(args.place)}\`` }, "token");
  },
  width: (_, input) => input.width,
  weights: () => ({}),
  build: (c, x_BTD, args) => {
    if (args.place === "last") return c.b.take(x_BTD!, c.last());
    const [batch, length, width] = c.b.info(x_BTD!).shape;
    if (args.place === "mean") {
      if (c.real === null) return c.b.scale(c.b.reshape(c.b.sum_to(x_BTD!, { shape: [batch, 1, width] }), { shape: [batch, width] }), { factor: 1 / length });
      const weights_BTD = c.b.broadcast_to(c.b.reshape(c.b.real_weights(c.real), { shape: [batch, length, 1] }), { shape: [batch, length, width] });
      return c.b.reshape(c.b.sum_to(c.b.multiply(x_BTD!, weights_BTD), { shape: [batch, 1, width] }), { shape: [batch, width] });
    }
    if (typeof args.token === "number") return c.b.take(x_BTD!, c.b.find_token(c.field("tokens"), { id: args.token }));
    return c.b.reshape(c.b.slice(x_BTD!, { axis: 1, start: 0, size: 1 }), { shape: [batch, width] });
  },
});
