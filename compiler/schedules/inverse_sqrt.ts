// inverse_sqrt: √(timescale / (step + timescale − warmup)) (transformers' `inverse_sqrt`; Vaswani et al. 2017, section 5.3).

import { defineSchedule, stepsOf, warmupField } from "./define.ts";

export const inverse_sqrt = defineSchedule({
  word: "inverse_sqrt",
  doc: "Falls with one over the square root of the step, whatever the length of the run.",
  parameters: {
    warmup: warmupField,
    ramp: { type: { type: "switch" }, doc: "off: the full rate during the warm-up, so 1 / √max(step, warmup) as T5 has it", default: "on" },
    timescale: { type: { type: "quantity", units: ["steps"], minimum: 1 }, doc: "steps after the peak until the rate is 1 / √2 of it; the length of the warm-up unless given, 10k steps without one" },
  },
  rate(args, step, horizon) {
    const warmup = stepsOf(args.warmup, horizon);
    if (step < warmup) return args.ramp === false ? 1 : step / warmup;
    const timescale = stepsOf(args.timescale, horizon) || warmup || 10_000;
    return Math.sqrt(timescale / (step + timescale - warmup));
  },
});
