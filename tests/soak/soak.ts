// A training run of MINUTES on a backend, measured at its steps: `soak MINUTES BACKEND`. Prints what it saw as one JSON line.
// The run has all that a run can have: micro-batches, dropout, evaluation, samples and checkpoints.

import { fileSource } from "../data/plans.ts";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { loadTensorflow } from "../../runtime/backends/_tensorflow.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import { makeBase } from "../training/folders.ts";
import { tinyPlan } from "../training/tiny-plan.ts";

interface Moment {
  readonly seconds: number;
  readonly step: number;
  readonly tensors: number;
  readonly tensorBytes: number;
  readonly resident: number;
  readonly heap: number;
}

const [minutes, backend] = [Number(process.argv[2]), process.argv[3]];
const plan = tinyPlan({ layers: 2, width: 64, heads: 4, length: 64, batch: 8, micro: 4, dropout: 0.1, steps: 100_000_000, lr: 1e-4, plan: { evaluation: { every: 200, data: fileSource({ files: ["data.txt"] }), metrics: [{ word: "loss", arguments: {} }] }, checkpoints: { every: { value: 100, unit: "steps" }, keep: 2 }, samples: { every: 200, prompt: "a", tokens: 20, decode: { word: "sample", arguments: { top_p: 0.9 } } } } });
const base = makeBase(400);
const controller = new AbortController();
const { tf } = await loadTensorflow();
const moments: Moment[] = [];
const began = performance.now();
let next = 0;
const outcome = await trainPlan(plan, {
  folder: join(base, "runs", "soak"), base, backend, signal: controller.signal,
  emit(event) {
    if (event.event !== "step") return;
    const seconds = (performance.now() - began) / 1000;
    if (seconds >= minutes * 60) controller.abort();
    // Some five hundred moments of the whole run.
    if (seconds < next) return;
    next += (minutes * 60) / 500;
    (globalThis as unknown as { gc: () => void }).gc(); // node --expose-gc
    const { numTensors, numBytes } = tf.memory();
    moments.push({ seconds, step: event.step, tensors: numTensors, tensorBytes: numBytes, resident: process.memoryUsage.rss(), heap: process.memoryUsage().heapUsed });
  },
});
rmSync(base, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify({ status: outcome.status, steps: outcome.step, seconds: (performance.now() - began) / 1000, moments })}\n`);
