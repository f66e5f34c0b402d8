import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSession } from "../../runtime/session.ts";
import { rateOf, trainPlan } from "../../runtime/training/loop.ts";
import type { TrainEvent } from "../../runtime/training/events.ts";
import { endOf, makeBase } from "./folders.ts";
import { tinyPlan } from "./tiny-plan.ts";

const session = await openSession("wasm");

async function train(plan = tinyPlan(), base = makeBase(), name = "run", extra: { backend?: string; signal?: AbortSignal; onEvent?: (event: TrainEvent) => void } = {}) {
  const events: TrainEvent[] = [];
  const folder = join(base, "runs", name);
  const outcome = await trainPlan(plan, { folder, base, backend: extra.backend ?? "wasm", signal: extra.signal, emit: (event) => (events.push(event), extra.onEvent?.(event)) });
  return { outcome, events, folder, base, plan };
}

test("a run leaves its layout, its events and no tensor", async () => {
  const before = session.memory();
  const { outcome, events, folder } = await train();
  expect(session.memory()).toEqual(before);
  expect(outcome).toMatchObject({ status: "done", step: 8, steps: 8 });
  for (const name of ["plan.json", "spec.pt", "tokenizer.json", "metrics.jsonl"]) expect(existsSync(join(folder, name)), name).toBe(true);
  expect(existsSync(join(folder, ".lock"))).toBe(false);
  const kinds = events.map((event) => event.event);
  expect(kinds[0]).toBe("start");
  expect(kinds.at(-1)).toBe("done");
  expect(kinds.filter((kind) => kind === "step")).toHaveLength(8);
  expect(kinds.filter((kind) => kind === "evaluate")).toHaveLength(2);
  expect(kinds.filter((kind) => kind === "sample")).toHaveLength(2);
  const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(12);
  expect(Object.keys(lines[0])).toEqual(["step", "loss", "rate", "gradient_norm"]);
  const { loss, perplexity, bits_per_byte } = lines[4].evaluation as Record<string, number>;
  expect(perplexity).toBeCloseTo(Math.exp(loss), 10);
  expect(bits_per_byte).toBeGreaterThan(0);
});

test("training learns, the same on cpu and wasm", async () => {
  const plan = tinyPlan({ steps: 60, lr: 0.03, plan: { samples: null, checkpoints: { every: null, keep: 1 } } });
  const first = await train(plan);
  const second = await train(plan, makeBase(), "run", { backend: "cpu" });
  const losses = ({ events }: typeof first) => events.flatMap((event) => (event.event === "step" ? [event.loss] : []));
  expect(losses(first).at(-1)).toBeLessThan(0.65 * losses(first)[0]);
  losses(first).forEach((loss, i) => expect(Math.abs(loss - losses(second)[i]) / loss).toBeLessThan(2e-3));
});

test("micro-batches give the same losses as the whole batch", async () => {
  const losses = async (micro: number): Promise<number[]> => {
    const { events } = await train(tinyPlan({ micro, dropout: 0.1, plan: { samples: null } }));
    return events.flatMap((event) => (event.event === "step" ? [event.loss] : []));
  };
  const whole = await losses(4);
  for (const micro of [2, 1, 3]) (await losses(micro)).forEach((loss, i) => expect(Math.abs(loss - whole[i])).toBeLessThan(1e-4));
});

test("an interruption finishes the step, saves and says how to go on; a run that is complete says so", async () => {
  const controller = new AbortController();
  const base = makeBase();
  const stopped = await train(tinyPlan(), base, "run", { signal: controller.signal, onEvent: (event) => event.event === "step" && event.step === 5 && controller.abort() });
  expect(stopped.outcome).toMatchObject({ status: "interrupted", step: 5 });
  expect(stopped.events.at(-1)).toMatchObject({ event: "interrupted", step: 5 });
  const resumed = await train(tinyPlan(), base);
  expect(resumed.events[0]).toMatchObject({ event: "resume", step: 5 });
  const whole = await train(tinyPlan());
  expect(endOf(resumed.folder)).toEqual(endOf(whole.folder));
  const again = await train(tinyPlan(), base);
  expect(again.outcome).toMatchObject({ status: "already", step: 8 });
  expect(again.events).toMatchObject([{ event: "done", already: true }]);
});

test("epochs become steps by the data's size; a batch larger than the data is refused", async () => {
  const { outcome, events } = await train(tinyPlan({ plan: { horizon: { steps: null, epochs: 1, tokens: null }, samples: null, evaluation: null } }));
  const start = events.find((event) => event.event === "start")!;
  expect(outcome.steps).toBe(Math.ceil(start.examples / 4));
  const large = tinyPlan({ batch: 4000, micro: 4, plan: { horizon: { steps: null, epochs: 1, tokens: null } } });
  await expect(train(large)).rejects.toMatchObject({ diagnostics: [{ code: "PT8007" }] });
});

test("no steps: the initial weights are saved and measured", async () => {
  const { outcome, folder } = await train(tinyPlan({ steps: 0 }));
  expect(outcome).toMatchObject({ status: "done", step: 0 });
  expect(endOf(folder)).toMatchObject({ step: 0, metrics: expect.stringMatching(/^\{"step":0,"evaluation":\{"loss":5\.558\d*,[^\n]*\}\}\n$/) });
});

test("rates follow the schedule from step 1", () => {
  const plan = tinyPlan({ lr: 0.5 });
  expect(rateOf(plan, 1, 10)).toBe(0);
  expect(rateOf(plan, 2, 10)).toBe(0.25);
  expect(rateOf(plan, 3, 10)).toBe(0.5);
});
