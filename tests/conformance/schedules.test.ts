// Every schedule: the shape of its record, and a factor between 0 and 1 at every step of a run.

import { describe, expect, it } from "vitest";
import type { ScheduleDefinition } from "../../compiler/schedules/define.ts";
import { schedules } from "../../compiler/schedules/index.ts";

const all: readonly (readonly [string, ScheduleDefinition])[] = Object.entries(schedules);

describe.each(all)("%s", (word, schedule) => {
  it("has its word, a doc and a warm-up", () => {
    expect(schedule.word).toBe(word);
    expect(schedule.doc).toMatch(/\.$/);
    expect(Object.keys(schedule.parameters)).toContain("warmup");
  });

  it.each([[0, 1], [0, 100], [7, 100], [100, 100], [200, 100]])("warm-up of %i in a run of %i steps", (warmup, steps) => {
    const rates = Array.from({ length: steps }, (_, step) => schedule.rate({ warmup: { value: warmup, unit: "steps" } }, step, { steps }));
    for (const rate of rates) expect(rate >= 0 && rate <= 1).toBe(true);
    if (warmup === 0) expect(rates[0]).toBe(1);
    // One rise, then one fall.
    const peak = Math.min(warmup, steps - 1);
    rates.forEach((rate, step) => step > 0 && (step <= peak ? expect(rate).toBeGreaterThanOrEqual(rates[step - 1]) : expect(rate).toBeLessThanOrEqual(rates[step - 1])));
  });
});
