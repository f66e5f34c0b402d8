// Training with a teacher: it is trained first, its pupil comes closer to it, resumes bit for bit, and is refused without it.

import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Plan } from "../../compiler/plan/schema.ts";
import { openPlan } from "../../runtime/runs/open.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import type { TrainEvent } from "../../runtime/training/events.ts";
import { runFolder } from "../../runtime/training/run-folder.ts";
import { newFolder, pt } from "../harness/cli.ts";
import { endOf } from "./folders.ts";

const spec = `model reader(vocab, width = 16, layers = 2, drop = 10%) {
  encoder {
    embed: tokens(vocab, width) + learned_positions(24) + segments(2)
    repeat layers { residual { layernorm attention(2, mask: full, dropout: drop) } residual { layernorm mlp(2 * width, gelu) dropout(drop) } }
    layernorm
  }
  head mlm { tied(bias: on) }
  head nsp { pool(first) dense(2) }
}
model smaller(vocab, width = 16) {
  encoder {
    embed: tokens(vocab, width) + learned_positions(24)
    residual { layernorm attention(2, mask: full, dropout: 10%) }
    layernorm
  }
  head mlm { tied(bias: on) }
}
data texts { files: "texts/*.txt"  split { by: position  train: 80%  valid: 20% } }
tokenizer letters { kind: bytes  special: [<pad>, <cls>, <sep>, <mask>] }
pretrain large {
  model: reader()  tokenizer: letters  data: texts  objective: masked + nsp  length: 24  batch: 8 examples  train: 30 steps
  optimizer: adamw(lr: 1e-2)
  evaluate { every: 10 steps  data: texts.valid }
  checkpoint { every: 10 steps }
}
pretrain small {
  model: smaller()  tokenizer: letters  data: texts  length: 24  batch: 8 examples  train: 24 steps
  objective: 5 * distill(large, temperature: 2) + 2 * masked + match_hidden(large)
  optimizer: adamw(lr: 1e-2)
  memory: 0.3 MB
  evaluate { every: 12 steps  data: texts.valid }
}
pretrain other extends large { train: 4 steps  seed: 1 }
`;

let folder: string;
let pupil: Plan;
let teacher: Plan;
const runs = (): string => join(folder, "runs");
const events: TrainEvent[] = [];

beforeAll(async () => {
  const lines = Array.from({ length: 40 }, (_, i) => `Call me Ishmael ${i % 7}. Some years ago, never mind how long precisely, ${"the sea and the ship ".repeat(i % 3)}`);
  folder = newFolder({ "main.pt": spec, "texts/a.txt": lines.join("\n") });
  const opened = await openPlan("main.pt", { cwd: folder, run: "small" });
  pupil = opened.plan;
  [teacher] = opened.before;
  const { code, stdout, stderr } = await pt(["train", "main.pt", "small", "--json"], folder);
  expect([code, stderr]).toEqual([0, ""]);
  events.push(...stdout.trim().split("\n").map((line) => JSON.parse(line) as TrainEvent));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the teacher is trained first", () => {
  expect(events.flatMap((event) => (event.event === "done" ? [[event.folder, event.step]] : []))).toEqual([[runFolder(runs(), teacher), 30], [runFolder(runs(), pupil), 24]]);
  expect(pupil.teachers).toEqual([{ name: "large", run: "large", hash: teacher.hash, checkpoint: "last" }]);
});

test("the pupil comes closer to it, and each loss is reported", () => {
  const steps = events.flatMap((event) => (event.event === "step" && event.losses?.distill !== undefined ? [event] : []));
  const mean = (name: string, some: readonly (typeof steps)[number][]): number => some.reduce((sum, { losses }) => sum + losses![name]!, 0) / some.length;
  for (const { loss, losses } of steps) expect(loss).toBeCloseTo(5 * losses!.distill! + 2 * losses!.mlm! + losses!.match_hidden!, 4);
  for (const name of ["distill", "match_hidden"]) expect(mean(name, steps.slice(-4)), name).toBeLessThan(0.5 * mean(name, steps.slice(0, 4)));
});

test("micro-batches change no loss: each is divided by the positions of the whole batch", async () => {
  writeFileSync(join(folder, "whole.pt"), spec.replace("  memory: 0.3 MB\n", ""));
  const { plan } = await openPlan("whole.pt", { cwd: folder, run: "small" });
  expect([pupil.batch.micro < 8, plan.batch.micro, plan.teachers]).toEqual([true, 8, pupil.teachers]);
  const controller = new AbortController();
  const whole: TrainEvent[] = [];
  await trainPlan(plan, { folder: runFolder(runs(), plan), base: folder, backend: "wasm", signal: controller.signal, emit: (event) => event.event === "step" && (whole.push(event), controller.abort()) });
  const lossesIn = (all: readonly TrainEvent[]) => all.flatMap((event) => (event.event === "step" && event.losses?.distill !== undefined ? [event.losses] : []))[0];
  for (const [name, loss] of Object.entries(lossesIn(whole))) expect(loss, name).toBeCloseTo(lossesIn(events)[name]!, 5);
});

test("held-out data is measured without the teacher, and no weight of it is saved", async () => {
  const evaluations = events.flatMap((event) => (event.event === "evaluate" ? [Object.keys(event.metrics)] : []));
  expect(evaluations.at(-1)).toEqual(["loss"]);
  const weights = readFileSync(join(runFolder(runs(), pupil), "checkpoints/step-000024/weights.safetensors"), "latin1");
  expect(weights).not.toContain("teacher");
  expect((await pt(["evaluate", runFolder(runs(), pupil)], folder)).code).toBe(0);
});

test("an interrupted run ends with the bytes of one that never stopped", async () => {
  const again = join(runs(), "again");
  const controller = new AbortController();
  const options = { folder: again, base: folder, backend: "wasm" };
  const first = await trainPlan(pupil, { ...options, signal: controller.signal, emit: (event) => event.event === "step" && event.step === 7 && controller.abort() });
  expect(first).toMatchObject({ status: "interrupted", step: 7 });
  expect(JSON.parse(readFileSync(join(again, "checkpoints/step-000007/state.json"), "utf8")).teachers).toEqual({ large: 30 });
  await trainPlan(pupil, options);
  const whole = join(runs(), "whole");
  await trainPlan(pupil, { ...options, folder: whole });
  expect(endOf(again)).toEqual(endOf(whole));
});

test("it goes on with the weights that it began with, even when the teacher has others since", async () => {
  const other = newFolder({});
  try {
    const [ours, theirs] = [join(other, "pupil"), runFolder(other, teacher)];
    cpSync(runFolder(runs(), teacher), theirs, { recursive: true });
    rmSync(join(theirs, "checkpoints/step-000030"), { recursive: true });
    const controller = new AbortController();
    const options = { folder: ours, base: folder, backend: "wasm" };
    await trainPlan(pupil, { ...options, signal: controller.signal, emit: (event) => event.event === "step" && event.step === 3 && controller.abort() });
    cpSync(join(runFolder(runs(), teacher), "checkpoints/step-000030"), join(theirs, "checkpoints/step-000030"), { recursive: true });
    await trainPlan(pupil, options);
    expect(JSON.parse(readFileSync(join(ours, "checkpoints/step-000024/state.json"), "utf8")).teachers).toEqual({ large: 20 });
  } finally {
    rmSync(other, { recursive: true });
  }
});

test("a compiled plan does not find a teacher that was never trained, nor one whose weights are of another plan", async () => {
  await pt(["compile", "main.pt", "small", "--out", "small.json"], folder);
  const missing = await pt(["train", "small.json", "--out", "elsewhere"], folder);
  expect([missing.code, missing.codes]).toEqual([1, ["PT8013"]]);
  expect(missing.stderr + missing.stdout).toContain("it was not trained");
  await pt(["train", "main.pt", "other"], folder);
  const other = readdirSync(runs()).find((name) => name.startsWith("other-"))!;
  cpSync(join(runs(), other), runFolder(join(folder, "elsewhere"), teacher), { recursive: true });
  const foreign = await pt(["train", "small.json", "--out", "elsewhere"], folder);
  expect([foreign.code, foreign.codes]).toEqual([1, ["PT8013"]]);
  expect(foreign.stderr + foreign.stdout).toContain("of another plan");
});

test("`pt plan` shows the teachers", async () => {
  expect((await pt(["plan", "main.pt", "small"], folder)).stdout).toMatch(new RegExp(`teachers +large \\(last of ${teacher.hash.slice(0, 8)}\\)`));
  const { runs: [json] } = JSON.parse((await pt(["plan", "main.pt", "small", "--json"], folder)).stdout);
  expect(json.teachers).toEqual(pupil.teachers);
});
