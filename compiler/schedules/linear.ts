// linear: 1 − progress (transformers' `linear`).

import { defineSchedule, endField, endingAt, progressOf, warmingUp, warmupField } from "./define.ts";

export const linear = defineSchedule({
  word: "linear",
  doc: "Falls in a straight line from the end of the warm-up to the end of the run.",
  parameters: { warmup: warmupField, end: endField },
  rate: (args, step, horizon) => warmingUp(args, step, horizon) ?? endingAt(args, Math.max(0, 1 - progressOf(args, step, horizon))),
});
