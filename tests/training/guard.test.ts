import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Plan } from "../../compiler/plan/schema.ts";
import { sealPlan } from "../../compiler/plan/hash.ts";
import { openSession } from "../../runtime/session.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import type { TrainEvent } from "../../runtime/training/events.ts";
import { makeBase } from "./folders.ts";
import { tinyPlan } from "./tiny-plan.ts";

/** A rate so large that the loss overflows after a few steps. */
const diverging = (guard: Plan["guard"], extra: Partial<Plan> = {}): Plan => tinyPlan({ lr: 1e30, steps: 8, plan: { guard, evaluation: null, samples: null, checkpoints: { every: { value: 1, unit: "steps" }, keep: 3 }, schedule: { word: "constant", arguments: {} }, ...extra } });

async function train(plan: Plan, base = makeBase()) {
  const events: TrainEvent[] = [];
  const folder = join(base, "runs", "run");
  const before = (await openSession("wasm")).memory();
  try {
    return { outcome: await trainPlan(plan, { folder, base, backend: "wasm", emit: (event) => events.push(event) }), events, folder };
  } finally {
    expect((await openSession("wasm")).memory()).toEqual(before);
  }
}

test("stop names the step and its examples, and keeps the checkpoint before", async () => {
  const base = makeBase();
  await expect(train(diverging("stop"), base)).rejects.toMatchObject({ diagnostics: [{ code: "PT8003", message: expect.stringMatching(/^the loss of step (\d+) is (NaN|Infinity); its batch is examples \d+ to \d+/) }] });
});

test("skip leaves updates out and counts them", async () => {
  const { outcome, events, folder } = await train(diverging("skip"));
  expect(outcome).toMatchObject({ status: "done", step: 8 });
  const skips = events.filter((event) => event.event === "skip");
  expect(skips.length).toBeGreaterThan(0);
  const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.filter((line) => line.includes('"skipped":true'))).toHaveLength(skips.length);
  expect(lines).toHaveLength(8);
});

test("rollback goes back to a checkpoint and gives up when the model keeps diverging", async () => {
  const base = makeBase();
  const plan = diverging("rollback", { horizon: { steps: 40, epochs: null, tokens: null } });
  const events: TrainEvent[] = [];
  const run = trainPlan(sealPlan(plan), { folder: join(base, "runs", "run"), base, backend: "wasm", emit: (event) => events.push(event) });
  await expect(run).rejects.toMatchObject({ diagnostics: [{ code: "PT8004" }] });
  expect(events.filter((event) => event.event === "rollback")).toHaveLength(10);
});
