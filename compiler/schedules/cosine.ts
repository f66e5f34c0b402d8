// cosine: (1 + cos 2π·cycles·progress) / 2 (Loshchilov & Hutter 2017, SGDR; transformers' `cosine` and `cosine_with_min_lr`).
// With restarts the run is cut into that many parts more, each with the whole wave (`cosine_with_restarts`, whose `num_cycles` counts the parts).

import { defineSchedule, endField, endingAt, progressOf, warmingUp, warmupField } from "./define.ts";

export const cosine = defineSchedule({
  word: "cosine",
  doc: "Falls along half a cosine from the end of the warm-up to the end of the run.",
  parameters: {
    warmup: warmupField,
    end: endField,
    cycles: { type: { type: "number", minimum: 0, exclusive: true }, doc: "waves of the cosine in a run; 0.5 falls once", default: "0.5" },
    restarts: { type: { type: "integer", minimum: 0 }, doc: "times that the rate jumps back to the full one and falls again, after equal parts of the run", default: "0" },
  },
  rate(args, step, horizon) {
    const cycles = typeof args.cycles === "number" ? args.cycles : 0.5;
    const restarts = typeof args.restarts === "number" ? args.restarts : 0;
    const progress = progressOf(args, step, horizon);
    if (restarts > 0 && progress >= 1) return endingAt(args, 0);
    const part = restarts > 0 ? (progress * (restarts + 1)) % 1 : progress;
    // Past the horizon, where no run goes, the wave goes on: as in transformers.
    return warmingUp(args, step, horizon) ?? endingAt(args, (1 + Math.cos(2 * Math.PI * cycles * part)) / 2);
  },
});
