// Speed counts training steps alone; the time left counts what lies between them too.

import { afterEach, expect, test, vi } from "vitest";
import type { Plan } from "../../compiler/plan/schema.ts";
import { createProgress } from "../../runtime/training/progress.ts";

afterEach(() => vi.restoreAllMocks());

test("an evaluation between steps slows no step, and is expected again", () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const plan = { batch: { examples: 2 }, objective: { streams: { inputs: { length: 50 } } } } as unknown as Plan;
  const progress = createProgress(plan, 12, 0);
  const step = (at: number, milliseconds: number) => {
    progress.begin();
    progress.received();
    now += milliseconds;
    return progress.step(at);
  };
  step(1, 5_000);
  expect(step(2, 1_000)).toMatchObject({ tokens_per_second: 100, seconds_left: 10 });
  now += 4_000; // an evaluation
  const { tokens_per_second, seconds_left } = step(3, 1_000);
  expect(tokens_per_second).toBeCloseTo(100, 10);
  expect(seconds_left).toBeCloseTo((1 + 4 / 3) * 9, 10);
});

test("what a step waits for its batch is told by itself and added up", () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const progress = createProgress({ batch: { examples: 2 }, objective: { streams: { inputs: { length: 50 } } } } as unknown as Plan, 2, 0);
  const waits = [500, 250].map((milliseconds, at) => {
    progress.begin();
    now += milliseconds;
    progress.received();
    now += 1_000;
    return progress.step(at + 1).waiting_seconds;
  });
  expect(waits).toEqual([0.5, 0.25]);
  expect(progress.total(2)).toMatchObject({ waiting_seconds: 0.75, seconds: 2.75 });
});
