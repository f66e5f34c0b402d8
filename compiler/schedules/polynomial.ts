// polynomial: end + (1 − end) (1 − progress)^power (transformers' `polynomial`, whose `lr_end` is `end` times `lr`).

import { defineSchedule, endField, endingAt, progressOf, warmingUp, warmupField } from "./define.ts";

export const polynomial = defineSchedule({
  word: "polynomial",
  doc: "Falls as a power of what is left of the run, and is straight at power 1.",
  parameters: {
    warmup: warmupField,
    end: endField,
    power: { type: { type: "number", minimum: 0, exclusive: true }, doc: "above 1 most of the fall is early, below 1 late", default: "1" },
  },
  rate(args, step, horizon) {
    const power = typeof args.power === "number" ? args.power : 1;
    return warmingUp(args, step, horizon) ?? endingAt(args, Math.max(0, 1 - progressOf(args, step, horizon)) ** power);
  },
});
