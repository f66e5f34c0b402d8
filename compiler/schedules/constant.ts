// constant: 1, after the warm-up.

import { defineSchedule, warmingUp, warmupField } from "./define.ts";

export const constant = defineSchedule({
  word: "constant",
  doc: "The same rate throughout, after the warm-up.",
  parameters: { warmup: warmupField },
  rate: (args, step, horizon) => warmingUp(args, step, horizon) ?? 1,
});
