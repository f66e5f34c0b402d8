// Batches beside training. A batch follows from its number alone, so it does not matter who makes it: the training thread does, until
// it has waited for long enough that a worker pays; from then on the worker is a few batches ahead. Whatever goes wrong there, the
// training thread makes the batch itself, from the same data by the same function.

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Plan } from "../../compiler/plan/schema.ts";
import { namesOfSource } from "../../compiler/plan/source.ts";
import { noBatchesAhead } from "../../grammar/diagnostics/PT7090-no-batches-ahead.ts";
import type { Batch } from "../data/fields.ts";
import type { TokenizerOptions } from "../data/tokenizer.ts";
import { fileDiagnostic } from "../files/user-error.ts";
import { programFolder } from "../host.ts";
import type { DataPlan, Inputs } from "./inputs.ts";

/** What a worker is told when it starts. */
export interface WorkerTask { readonly plan: DataPlan; readonly base: string; readonly cache?: string; readonly fingerprints: { readonly data: string; readonly tokenizer: string } }
/** Examples first … first + count − 1 are wanted. */
export interface Wanted { readonly first: number; readonly count: number }
export type Answer = { readonly kind: "ready" } | { readonly kind: "batch"; readonly first: number; readonly batch: Batch } | { readonly kind: "failed"; readonly reason: string };

/** How long the training thread has waited for batches, of how long it has trained. */
export interface Waited { readonly waiting: number; readonly seconds: number }

export interface AheadOptions extends Pick<TokenizerOptions, "base" | "cache" | "warn"> {
  /** File that the worker runs; null: there is none. By default that of the built program, when this is it. */
  readonly script?: string | null;
  /** Whether a worker pays; asked before each batch until it does. */
  readonly pays?: (waited: Waited) => boolean;
}

export interface Batches {
  /** The batch of a step, counted from 1. */
  readonly of: (step: number) => Promise<Batch>;
  /** How many of them a worker made. */
  readonly ahead: () => number;
  readonly close: () => Promise<void>;
}

/** Batches that are asked for and not used yet: one that is late by three steps delays none. */
const mostAhead = 4;

/**
 * The rule. A worker costs its start (0.2 s and 60 MB) and opens the data once more; where kernels take all cores it competes with them.
 * Below a hundredth of the time there is nothing to win, and a run of a few seconds is over before it could.
 */
export function workerPays({ waiting, seconds }: Waited, cores = availableParallelism()): boolean {
  const wish = process.env["PT_AHEAD"];
  if (wish === "0" || wish === "1") return wish === "1";
  return cores > 1 && seconds > 5 && waiting > 0.01 * seconds;
}

/** `steps`: of the whole run; nothing beyond is made. */
export function openBatches(plan: Plan, inputs: Inputs, steps: number, { base, cache, warn, script = builtScript(), pays = workerPays }: AheadOptions): Batches {
  const count = plan.batch.examples;
  const make = (step: number): Batch => inputs.data.batch((step - 1) * count, count);
  let state: "alone" | "starting" | "ahead" = "alone";
  let worker: Worker | null = null;
  /** By first example; null is what a worker that failed leaves. */
  const asked = new Map<number, { readonly arrives: Promise<Batch | null>; readonly arrived: (batch: Batch | null) => void }>();
  let began: number | null = null;
  let waiting = 0;
  let taken = 0;
  let mayStart = script !== null;

  let closing: Promise<unknown> | null = null;

  const failed = (reason: string): void => {
    if (worker === null) return;
    stop();
    warn?.(fileDiagnostic(noBatchesAhead, namesOfSource(plan.data!).join(", "), { reason }));
  };
  const stop = (): void => {
    const ending = worker;
    [worker, state, mayStart] = [null, "alone", false];
    for (const { arrived } of asked.values()) arrived(null);
    asked.clear();
    if (ending) closing = ending.terminate();
  };
  const start = (): void => {
    const { tokenizer, data, objective, batch, seeds } = plan;
    const task: WorkerTask = { plan: { tokenizer, data, objective, batch, seeds }, base, cache, fingerprints: inputs.fingerprints };
    [state, mayStart] = ["starting", false];
    worker = new Worker(script!, { workerData: task });
    worker.on("message", (answer: Answer) => {
      if (answer.kind === "failed") failed(answer.reason);
      else if (answer.kind === "ready") state = "ahead";
      else asked.get(answer.first)?.arrived(answer.batch);
    });
    worker.on("error", (error) => failed(String(error)));
    worker.on("messageerror", (error) => failed(String(error)));
    worker.on("exit", () => failed("it ended"));
  };
  const ask = (step: number): void => {
    const first = (step - 1) * count;
    if (step > steps || asked.has(first)) return;
    let arrived!: (batch: Batch | null) => void;
    asked.set(first, { arrives: new Promise((resolve) => (arrived = resolve)), arrived });
    worker!.postMessage({ first, count } satisfies Wanted);
  };

  return {
    async of(step) {
      const now = performance.now();
      // The first batch also builds what the others use.
      if (mayStart && began !== null && pays({ waiting, seconds: (now - began) / 1000 })) start();
      const first = (step - 1) * count;
      // Steps that were left out, or are made again after a rollback.
      for (const other of [...asked.keys()]) if (other < first || other >= first + (mostAhead + 1) * count) asked.delete(other);
      const one = asked.get(first);
      if (state === "ahead") for (let next = one ? step : step + 1; next <= step + mostAhead; next++) ask(next);
      const arrived = (await one?.arrives) ?? null;
      const batch = arrived ?? make(step);
      asked.delete(first);
      if (arrived) taken++;
      if (began === null) began = performance.now();
      else waiting += (performance.now() - now) / 1000;
      return batch;
    },
    ahead: () => taken,
    async close() {
      stop();
      await closing;
    },
  };
}

/** Null where the program runs from its sources: there the test that wants a worker builds one. */
function builtScript(): string | null {
  const script = join(programFolder(), "dist", "runtime", "training", "ahead-worker.js");
  return basename(fileURLToPath(import.meta.url)).endsWith(".js") && existsSync(script) ? script : null;
}
