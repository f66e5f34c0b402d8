// Batches that a worker makes beside training: the same bytes, whatever the data, the resume, the rollback or the fault.

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { openBatches, workerPays, type Batches } from "../../runtime/training/ahead.ts";
import type { TrainEvent } from "../../runtime/training/events.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import { planOf, root } from "../harness/compiling.ts";
import { endOf, makeBase } from "./folders.ts";
import { tinyPlan } from "./tiny-plan.ts";

let built: string;
let script: string;
beforeAll(() => {
  // Beside the sources, so that packages are found.
  built = mkdtempSync(join(root, "node_modules", ".ahead-"));
  script = join(built, "worker.mjs");
  const banner = { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" };
  buildSync({ entryPoints: [join(root, "runtime/training/ahead-worker.ts")], bundle: true, platform: "node", format: "esm", outfile: script, external: ["@tensorflow/*", "prettier"], banner, logLevel: "error" });
});
afterAll(() => rmSync(built, { recursive: true, force: true }));

const always = () => ({ script, pays: () => true });

/** Goes through the batches until `count` of them came from the worker; `check` sees each. */
async function untilAhead(batches: Batches, count: number, check: (step: number, batch: Awaited<ReturnType<Batches["of"]>>) => void, from = 1): Promise<number> {
  let step = from;
  for (const ends = Date.now() + 30_000; batches.ahead() < count && Date.now() < ends; step++) {
    check(step, await batches.of(step));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(batches.ahead()).toBeGreaterThanOrEqual(count);
  return step;
}

async function compared(plan: Plan, base: string, cache?: string): Promise<void> {
  const inputs = await openInputs(plan, { base, cache });
  const batches = openBatches(plan, inputs, 1e6, { base, cache, ...always() });
  const same = (step: number, batch: unknown): void => expect(batch, `step ${step}`).toEqual(inputs.data.batch((step - 1) * plan.batch.examples, plan.batch.examples));
  try {
    const step = await untilAhead(batches, 12, same);
    // Forwards past steps that were left out, and back again, as a rollback does.
    for (const at of [step + 2, step + 3, step + 40, 3, 4, 5, 6]) same(at, await batches.of(at));
  } finally {
    await batches.close();
  }
}

const parts = `data a { files: "data.txt"  format: lines }
data b { files: "rows.jsonl"  format: jsonl  columns { question: string  answer: string  label: class(labels: ["no", "yes"]) } }
tokenizer t { kind: bytes  special: [<pad>, <bos>, <eos>, <cls>, <sep>, <mask>, <s_mode>]  sentinels: 20 }
model bert(vocab, width = 16) { encoder { embed: tokens(vocab, width) + learned_positions(80) + segments(2) residual { layernorm attention(2, mask: full) } layernorm } head mlm { tied } head nsp { pool(first) dense(2) } }
model gpt(vocab, width = 16) { decoder { embed: tokens(vocab, width) + learned_positions(120) residual { layernorm attention(2, mask: causal) } layernorm } head lm { tied } }
model both(vocab, width = 16) {
  encoder { embed: tokens(vocab, width) + learned_positions(80) residual { layernorm attention(2, mask: full) } layernorm }
  decoder { embed: tokens(vocab, width) + learned_positions(80) residual { layernorm attention(2, mask: causal) } residual { layernorm cross_attention(encoder, 2) } layernorm }
  head lm { tied }
}
data two = mixture(70% * a, 30% * a)
data c { files: "rows.jsonl"  format: jsonl  columns { prompt: string(column: "question")  chosen: string(column: "answer")  rejected: string(column: "worse") } }
data d { files: "rows.jsonl"  format: jsonl  columns { messages: messages } }
template marked { user: "[{content}]"  assistant: "{content}<eos>" }
`;
const rest = "tokenizer: t  length: 24  batch: 6 examples  train: 9 steps  optimizer: sgd(lr: 1)";
const rows = Array.from({ length: 40 }, (_, i) => JSON.stringify({ question: `what is ${i}`, answer: `number ${i}`, worse: `no ${i}`, label: i % 2 ? "yes" : "no", messages: [{ role: "user", content: `${i}?` }, { role: "assistant", content: `${i}.` }] })).join("\n");

describe("the worker makes what the training thread makes", () => {
  test.each([
    ["packed documents", `pretrain run { model: gpt()  data: a  objective: causal_lm  pack: on  ${rest} }`],
    ["masked tokens", `pretrain run { model: bert()  data: a  objective: masked  ${rest} }`],
    ["a mixture of data", `pretrain run { model: both()  data: two  objective: span_corruption  ${rest} }`],
    ["a mixture of objectives", `objective many = mixture(50% * span_corruption, 50% * prefix_lm)  pretrain run { model: both()  data: a  objective: many  ${rest} }`],
    ["a task", `finetune run { model: bert()  data: b  task: classify([question, answer], label)  ${rest} }`],
    ["images", `data pictures { files: ["x-images", "x-labels"]  format: idx  columns { image: image  label: class(labels: ["0", "1", "2"]) } }
model seer(width = 16) { encoder { embed: class_token(patches(width, size: 2, channels: 1)) + learned_positions(5) residual { layernorm attention(2, mask: full) } layernorm } }
finetune run { model: seer()  data: pictures  task: classify(image, label)  batch: 6 examples  train: 9 steps  optimizer: sgd(lr: 1) }`],
    ["preferences", `pretrain base { model: gpt()  data: a  objective: causal_lm  ${rest} }  finetune run from base { data: c  task: prefer(prompt, chosen, rejected, targets: 10)  ${rest} }`],
    ["conversations", `finetune run { model: gpt()  data: d  task: chat(messages, template: marked)  ${rest} }`],
    ["a mixture of tasks", `finetune run { model: both()  task: mixture(50% * text_to_text("ask: {question}" -> "{answer}", data: b), 50% * text_to_text("name: {answer}" -> "{question}", data: b))  ${rest} }`],
  ])("%s", async (_, run) => {
    const base = makeBase();
    writeFileSync(join(base, "rows.jsonl"), rows);
    writeFileSync(join(base, "x-images"), Buffer.from([0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 4, 0, 0, 0, 4, ...Array.from({ length: 320 }, (_, i) => (i * 7) % 256)]));
    writeFileSync(join(base, "x-labels"), Buffer.from([0, 0, 8, 1, 0, 0, 0, 20, ...Array.from({ length: 20 }, (_, i) => i % 3)]));
    await compared(planOf(parts + run, { run: "run" }), base, join(base, "cache"));
  });
});

const many = (): Plan => tinyPlan({ steps: 400, dropout: 0.1, plan: { samples: null, evaluation: null, checkpoints: { every: { value: 90, unit: "steps" }, keep: 2 } } });

async function train(base: string, name: string, ahead: Parameters<typeof trainPlan>[1]["ahead"], stop?: number) {
  const folder = join(base, "runs", name);
  const events: TrainEvent[] = [];
  const controller = new AbortController();
  const outcome = await trainPlan(many(), { folder, base, backend: "wasm", ahead, signal: controller.signal, emit: (event) => (events.push(event), event.event === "step" && event.step === stop && controller.abort()) });
  return { folder, outcome, events };
}

test("a run with a worker, without, and one that is interrupted and goes on end with the same bytes", async () => {
  const base = makeBase();
  const alone = await train(base, "alone", { script: null });
  const whole = await train(base, "whole", always());
  const first = await train(base, "halves", always(), 201);
  expect(first.outcome).toMatchObject({ status: "interrupted", step: 201 });
  const second = await train(base, "halves", always());
  expect(endOf(whole.folder)).toEqual(endOf(alone.folder));
  expect(endOf(second.folder)).toEqual(endOf(alone.folder));
  expect(alone.events.at(-1)).toMatchObject({ batches_ahead: 0 });
  expect((whole.events.at(-1) as { batches_ahead: number }).batches_ahead).toBeGreaterThan(50);
});

test("rollbacks leave the batches of a worker as they leave those of the training thread", async () => {
  const diverging = (): Plan => tinyPlan({ lr: 1e30, steps: 60, plan: { guard: "rollback", evaluation: null, samples: null, checkpoints: { every: { value: 1, unit: "steps" }, keep: 3 }, schedule: { word: "constant", arguments: {} } } });
  const seen: string[][] = [];
  for (const settings of [{ script: null }, always()]) {
    const base = makeBase();
    const folder = join(base, "runs", "run");
    const events: string[] = [];
    const emit = (event: TrainEvent): void => {
      if (event.event === "step") events.push(`${event.step} ${event.loss}`);
      if (event.event === "rollback") events.push(`${event.step} to ${event.to}`);
      // Time for the worker to be ahead of so short a run.
      if (event.event === "step") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
    };
    const run = trainPlan(diverging(), { folder, base, backend: "wasm", ahead: settings, emit });
    await expect(run).rejects.toMatchObject({ diagnostics: [{ code: "PT8004" }] });
    seen.push(events);
  }
  expect(seen[0].filter((event) => event.includes(" to "))).toHaveLength(10);
  expect(seen[1]).toEqual(seen[0]);
});

test("files that change while a run trains: the worker gives up with a warning, and the run ends with the same bytes", async () => {
  const base = makeBase();
  const alone = await train(base, "alone", { script: null });
  const folder = join(base, "runs", "changed");
  const warnings: Diagnostic[] = [];
  await trainPlan(many(), { folder, base, backend: "wasm", ahead: always(), emit: (event) => {
    if (event.event === "start") appendFileSync(join(base, "data.txt"), "\none line more");
    if (event.event === "warning") warnings.push(event.diagnostic);
  } });
  expect(warnings).toMatchObject([{ code: "PT7090", file: "data.txt", message: expect.stringContaining("the files have changed") }]);
  expect(endOf(folder)).toEqual(endOf(alone.folder));
});

test("a worker that cannot read, ends or does not start costs nothing but the warning", async () => {
  const base = makeBase();
  const plan = many();
  const inputs = await openInputs(plan, { base });
  const faults: readonly [string, string, RegExp][] = [
    ["unreadable", script, /PT7002 .*data\.txt/], ["absent", join(built, "none.mjs"), /none\.mjs/], ["ends", join(built, "ends.mjs"), /it ended/], ["throws", join(built, "throws.mjs"), /a fault/],
  ];
  writeFileSync(join(built, "ends.mjs"), 'import { parentPort } from "node:worker_threads"; parentPort.postMessage({ kind: "ready" }); setTimeout(() => process.exit(0), 100);');
  writeFileSync(join(built, "throws.mjs"), 'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { throw new Error("a fault"); }); parentPort.postMessage({ kind: "ready" });');
  rmSync(join(base, "data.txt"));
  for (const [name, file, reason] of faults) {
    const warnings: Diagnostic[] = [];
    const batches = openBatches(plan, inputs, 1e6, { base, warn: (one) => warnings.push(one), script: file, pays: () => true });
    for (let step = 1; warnings.length === 0 && step < 10_000; step++) {
      expect(await batches.of(step)).toEqual(inputs.data.batch((step - 1) * 4, 4));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await batches.close();
    expect(warnings, name).toMatchObject([{ code: "PT7090", message: expect.stringMatching(reason) }]);
  }
});

test("a worker is used where waiting is at least a hundredth of some seconds", () => {
  vi.stubEnv("PT_AHEAD", undefined);
  expect(workerPays({ waiting: 0.2, seconds: 2 }, 2)).toBe(false);
  expect(workerPays({ waiting: 0.05, seconds: 10 }, 2)).toBe(false);
  expect(workerPays({ waiting: 0.2, seconds: 10 }, 2)).toBe(true);
  expect(workerPays({ waiting: 0.2, seconds: 10 }, 1)).toBe(false);
  vi.unstubAllEnvs();
});
