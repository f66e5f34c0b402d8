// pt bench: how fast a run's steps are here.

import { chooseBackend } from "../backends/_choose.ts";
import { openPlan } from "../runs/open.ts";
import { flagNumber } from "../runs/trained.ts";
import { bytes, duration, short } from "../terminal/numbers.ts";
import { benchPlan } from "../training/bench.ts";
import { defineCommand, jsonFlag, printJson } from "./define.ts";

export const benchCommand = defineCommand({
  word: "bench",
  summary: "Time a run's training steps, on made-up tokens.",
  arguments: [
    { name: "FILE", doc: "a spec or a plan", required: true },
    { name: "RUN", doc: "which run of the spec" },
  ],
  flags: [
    { name: "--steps", value: "N", doc: "steps to time, after two to warm up (default: 10)" },
    { name: "--backend", value: "BACKEND", doc: "where to compute" },
    jsonFlag,
  ],
  examples: [{ line: "pt bench spec.pt small --steps 20", does: "tokens per second, seconds a step, peak memory" }],
  run: async (args, io) => {
    const { plan } = await openPlan(args.values.FILE!, { cwd: io.cwd, run: args.values.RUN });
    const steps = flagNumber("--steps", args.values["--steps"], { minimum: 1, maximum: 100_000, whole: true }) ?? 10;
    const backend = await chooseBackend(args.values["--backend"], io);
    const result = await benchPlan(plan, backend, steps);
    if (args.on["--json"]) printJson(io, { run: plan.name, backend, steps, ...result });
    else io.stdout.write(`${plan.name} on ${backend}: ${short(result.tokens_per_second)} tokens/s, ${duration(result.step_seconds.median)} a step (best ${duration(result.step_seconds.min)}), peak memory ${bytes(result.peak_memory)}\n`);
    return 0;
  },
});
