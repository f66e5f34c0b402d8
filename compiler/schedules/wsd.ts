// wsd: warm-up, stable, decay (Hu et al. 2024, MiniCPM, section 4; transformers' `warmup_stable_decay`).
// Warm-up from `start` to 1, then 1, then over the last steps of the run down to `end`; t is how far the warm-up or the decay is.

import { defineSchedule, endField, endingAt, stepsOf, warmupField } from "./define.ts";

const shapes: { readonly [word: string]: { readonly doc: string; readonly rise: (t: number) => number; readonly fall: (t: number) => number } } = {
  linear: { doc: "a straight line", rise: (t) => t, fall: (t) => 1 - t },
  cosine: { doc: "half a cosine", rise: (t) => (1 - Math.cos(Math.PI * t)) / 2, fall: (t) => (1 + Math.cos(Math.PI * t)) / 2 },
  square_root: { doc: "1 - √t falling (Hägele et al. 2024), 1 - √(1 - t) rising", rise: (t) => 1 - Math.sqrt(1 - t), fall: (t) => 1 - Math.sqrt(t) },
};
const words = Object.fromEntries(Object.entries(shapes).map(([word, { doc }]) => [word, doc]));

export const wsd = defineSchedule({
  word: "wsd",
  doc: "Keeps the full rate between a warm-up and a short decay at the end of the run.",
  parameters: {
    warmup: { ...warmupField, doc: "steps, or share of the run, over which the rate rises from `start`" },
    decay: { type: { type: "quantity", units: ["steps", "percent"], minimum: 0 }, doc: "steps, or share of the run, over which the rate falls at its end; at most what the warm-up leaves", default: "10%" },
    shape: { type: { type: "choice", words }, doc: "how it falls", default: "cosine" },
    warmup_shape: { type: { type: "choice", words }, doc: "how it rises", default: "linear" },
    start: { ...endField, doc: "share of `lr` that the warm-up begins with" },
    end: endField,
  },
  rate(args, step, horizon) {
    const warmup = stepsOf(args.warmup, horizon);
    const { start = 0, shape = "cosine", warmup_shape = "linear" } = args;
    if (step < warmup) return endingAt({ end: start }, shapes[warmup_shape as string].rise(step / warmup));
    const length = Math.min(stepsOf(args.decay, horizon), Math.max(0, horizon.steps - warmup));
    const begin = horizon.steps - length;
    if (step < begin) return 1;
    return endingAt(args, step < begin + length ? shapes[shape as string].fall((step - begin) / length) : 0);
  },
});
