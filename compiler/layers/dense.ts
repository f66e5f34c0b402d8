// dense(width[, activation]): y = act(x Wᵀ + b); tied: W is the token table.

import { conflictingArguments } from "../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
import { noTable } from "../../grammar/diagnostics/PT4004-no-table.ts";
import type { Call } from "../plan/schema.ts";
import { biasOf, callIn, defineLayer, initialized, isOn, matrix, numberIn } from "./define.ts";

export const dense = defineLayer({
  word: "dense",
  doc: "A linear map of the features, with an activation if one is given.",
  role: "stream",
  parameters: {
    width: { type: { type: "integer", minimum: 1 }, doc: "features of the result", positional: true, required: true },
    activation: { type: { type: "word", registry: "activation" }, doc: "applied to the result", positional: true },
    bias: { type: { type: "switch" }, doc: "learn a shift", default: "on" },
    ...initialized,
    tied: { type: { type: "switch" }, doc: "use the token table of the stack", default: "off" },
  },
  check: (args, input, report) => {
    if (!isOn(args, "tied")) return;
    if (callIn(args, "initializer")) report(conflictingArguments, { word: "dense", problem: "with `tied: on` there is nothing to begin; give `tokens` the `initializer`" }, "initializer");
    if (!input.table || input.table.width !== input.width) report(noTable, { width: input.width, table: input.table?.width ?? null }, "tied");
    else if (input.table.vocab !== numberIn(args, "width")) report(noTable, { width: numberIn(args, "width"), table: input.table.vocab }, "width");
  },
  width: (args) => numberIn(args, "width"),
  weights: (args, input) => ({
    ...(isOn(args, "tied") ? {} : { weight: matrix(numberIn(args, "width"), input.width) }),
    ...(isOn(args, "bias") ? { bias: biasOf(numberIn(args, "width")) } : {}),
  }),
  build: (c, x, args, { weight, bias }) => {
    const y = c.b.linear(x!, weight ?? c.table(), bias ?? null);
    const activation: Call | null = callIn(args, "activation");
    return activation ? c.b.activate(y, { activation: activation.word }) : y;
  },
});
