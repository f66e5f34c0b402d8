// Cases of the goldens' schedules (transformers' `get_scheduler`) for one schedule.

import { describe, expect, it } from "vitest";
import type { Arguments, ScheduleDefinition } from "../../compiler/schedules/define.ts";
import { expectClose } from "../graph/values.ts";
import { golden, goldensMissing, reason } from "../optimizers/golden.ts";

export const steps = (value: number) => ({ value, unit: "steps" });
export const percent = (value: number) => ({ value, unit: "percent" });

interface Case { readonly name: string; readonly settings: Record<string, number>; readonly base_lr: number; readonly warmup_steps: number; readonly training_steps: number | null; readonly lr: number[] }

/** `names`: what `get_scheduler` calls this schedule; `argsOf` translates its settings. */
export function describeGoldens(schedule: ScheduleDefinition, names: readonly string[], argsOf: (settings: Record<string, number>, baseRate: number) => Arguments = () => ({})): void {
  describe.skipIf(goldensMissing)(`${schedule.word} against transformers${reason}`, () => {
    const cases: Case[] = goldensMissing ? [] : golden("schedules").cases.filter((item: Case) => names.includes(item.name));
    it("has cases", () => expect(cases.length).toBeGreaterThan(0));
    it.each(cases.map((item) => [`${item.name} ${JSON.stringify(item.settings)} warm-up ${item.warmup_steps}`, item] as const))("%s", (_, item) => {
      // `constant` of get_scheduler takes no notice of a warm-up.
      const horizon = { steps: item.training_steps ?? item.warmup_steps + item.settings.num_stable_steps + item.settings.num_decay_steps };
      const args = { warmup: steps(item.name === "constant" ? 0 : item.warmup_steps), ...argsOf(item.settings, item.base_lr) };
      expectClose(item.lr.map((__, step) => item.base_lr * schedule.rate(args, step, horizon)), item.lr, 1e-15);
      // The same with the rate as unit, so that small rates count.
      expectClose(item.lr.map((__, step) => schedule.rate(args, step, horizon)), item.lr.map((rate) => rate / item.base_lr), 1e-12);
    });
  });
}
