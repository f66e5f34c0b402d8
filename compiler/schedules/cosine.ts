// cosine: (1 + cos 2π·cycles·progress) / 2 (Loshchilov & Hutter 2017, SGDR, without restarts; transformers' `cosine` and `cosine_with_min_lr`).

import { defineSchedule, endField, endingAt, progressOf, warmingUp, warmupField } from "./define.ts";

export const cosine = defineSchedule({
  word: "cosine",
  doc: "Falls along half a cosine from the end of the warm-up to the end of the run.",
  parameters: {
    warmup: warmupField,
    end: endField,
    cycles: { type: { type: "number", minimum: 0, exclusive: true }, doc: "waves of the cosine in a run; 0.5 falls once", default: "0.5" },
  },
  rate(args, step, horizon) {
    const cycles = typeof args.cycles === "number" ? args.cycles : 0.5;
    // Past the horizon, where no run goes, the wave goes on: as in transformers.
    return warmingUp(args, step, horizon) ?? endingAt(args, (1 + Math.cos(2 * Math.PI * cycles * progressOf(args, step, horizon))) / 2);
  },
});
