import { spawn } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import type { TrainEvent } from "../../runtime/training/events.ts";
import { endOf, makeBase } from "./folders.ts";
import { tinyPlan } from "./tiny-plan.ts";

const root = new URL("../../", import.meta.url).pathname;
const steps = 30;

/** Runs the child until it ends, or kills it without warning `delay` ms after its first event. */
function runChild(script: string, folder: string, base: string, delay: number | null): Promise<{ killed: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, folder, base, String(steps)], { stdio: ["ignore", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (data) => {
      if (output === "" && delay !== null) setTimeout(() => child.kill("SIGKILL"), delay);
      output += data;
    });
    child.stderr.on("data", (data) => (errors += data));
    child.on("error", reject);
    child.on("close", (code, signal) => (code === 0 || signal === "SIGKILL" ? resolve({ killed: signal === "SIGKILL", output }) : reject(new Error(errors))));
  });
}

test("killed at random moments, a run ends with the bytes of one that never stopped", { timeout: 120_000 }, async () => {
  const script = join(root, "node_modules/.cache/ptarmigan-tests", `child-${process.pid}.mjs`);
  buildSync({ entryPoints: [join(root, "tests/training/child.ts")], bundle: true, platform: "node", format: "esm", packages: "external", outfile: script, logLevel: "error" });
  const base = makeBase();
  const whole = join(base, "runs", "whole");
  const quiet = await runChild(script, whole, base, null);
  expect(quiet.output).toContain("done 30");
  const seed = Date.now() % 100_000;
  const random = randomStream(seed, "kill");
  const folder = join(base, "runs", "killed");
  let kills = 0;
  for (let attempt = 0; attempt < 60; attempt++) {
    const { killed } = await runChild(script, folder, base, attempt < 8 ? random.below(140) : null);
    if (!killed) break;
    kills++;
  }
  expect(kills, `seed ${seed}`).toBeGreaterThan(2);
  expect(endOf(folder), `seed ${seed}`).toEqual(endOf(whole));
});

async function interruptedRun(): Promise<{ base: string; folder: string; plan: ReturnType<typeof tinyPlan> }> {
  const base = makeBase();
  const folder = join(base, "runs", "run");
  const plan = tinyPlan();
  const controller = new AbortController();
  await trainPlan(plan, { folder, base, backend: "wasm", signal: controller.signal, emit: (event) => event.event === "step" && event.step === 4 && controller.abort() });
  return { base, folder, plan };
}

test("metrics written after the last checkpoint are cut off", async () => {
  const { base, folder, plan } = await interruptedRun();
  appendFileSync(join(folder, "metrics.jsonl"), '{"step":5,"loss":1}\n{"step":6,"lo');
  await trainPlan(plan, { folder, base, backend: "wasm" });
  const whole = join(base, "runs", "whole");
  await trainPlan(plan, { folder: whole, base, backend: "wasm" });
  expect(endOf(folder)).toEqual(endOf(whole));
});

test("a damaged last checkpoint is passed over with a warning", async () => {
  const { base, folder, plan } = await interruptedRun();
  writeFileSync(join(folder, "checkpoints/step-000004/weights.safetensors"), "cut off");
  const events: TrainEvent[] = [];
  await trainPlan(plan, { folder, base, backend: "wasm", emit: (event) => events.push(event) });
  expect(events.find((event) => event.event === "warning")).toMatchObject({ diagnostic: { code: "PT8103" } });
  expect(events.find((event) => event.event === "resume")!.step).toBeLessThan(4);
  const whole = join(base, "runs", "whole");
  await trainPlan(plan, { folder: whole, base, backend: "wasm" });
  expect(endOf(folder)).toEqual(endOf(whole));
});

test("changed data is refused and loses nothing", async () => {
  const { base, folder, plan } = await interruptedRun();
  const before = endOf(folder);
  const text = readFileSync(join(base, "data.txt"), "utf8");
  writeFileSync(join(base, "data.txt"), `${text}\none line more`);
  await expect(trainPlan(plan, { folder, base, backend: "wasm" })).rejects.toMatchObject({ diagnostics: [{ code: "PT8005", message: expect.stringContaining("`data.txt`") }] });
  expect(endOf(folder)).toEqual(before);
  writeFileSync(join(base, "data.txt"), text);
  expect(await trainPlan(plan, { folder, base, backend: "wasm" })).toMatchObject({ status: "done" });
});

test("another plan's folder is refused", async () => {
  const { base, folder } = await interruptedRun();
  const before = endOf(folder);
  await expect(trainPlan(tinyPlan({ steps: 9 }), { folder, base, backend: "wasm" })).rejects.toMatchObject({ diagnostics: [{ code: "PT8006" }] });
  expect(endOf(folder)).toEqual(before);
});
