// The contract of a schedule: the factor that multiplies `lr` at each step. Pure: step and horizon decide it.

import type { Field, Fields } from "../../grammar/fields.ts";
import type { Resolved } from "../plan/schema.ts";

export type Arguments = { readonly [name: string]: Resolved | undefined };

/** Steps of the whole run. */
export interface Horizon { readonly steps: number }

export interface ScheduleDefinition {
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  /** `step` counts from 0: the factor of the first step is rate(args, 0, …). */
  readonly rate: (args: Arguments, step: number, horizon: Horizon) => number;
}

export function defineSchedule(definition: ScheduleDefinition): ScheduleDefinition {
  return definition;
}

export const warmupField: Field = {
  type: { type: "quantity", units: ["steps", "percent"], minimum: 0 },
  doc: "steps, or share of the run, over which the rate rises linearly from 0",
  default: "0 steps",
};

export const endField: Field = { type: { type: "rate", maximum: 1 }, doc: "share of `lr` that is left at the end", default: "0" };

/** A length in steps: given as such, or as percent of the horizon (rounded). Absent: 0. */
export function stepsOf(quantity: Resolved | undefined, { steps }: Horizon): number {
  if (quantity === undefined || quantity === null) return 0;
  if (typeof quantity === "number") return quantity;
  const { value, unit } = quantity as { value: number; unit: string };
  if (unit === "steps") return value;
  if (unit === "percent") return Math.round((value * steps) / 100);
  throw new Error(`a schedule's length in \`${unit}\` was not converted to steps`);
}

/** While warming up the factor step / warmup, from 0 to 1; null afterwards. */
export function warmingUp(args: Arguments, step: number, horizon: Horizon): number | null {
  const warmup = stepsOf(args.warmup, horizon);
  return step < warmup ? step / warmup : null;
}

/** How far the run is between the end of the warm-up (0) and the horizon (1); above 1 past it. */
export function progressOf(args: Arguments, step: number, horizon: Horizon): number {
  const warmup = stepsOf(args.warmup, horizon);
  return (step - warmup) / Math.max(1, horizon.steps - warmup);
}

/** From a factor that ends at 0 to one that ends at `end`. */
export function endingAt(args: Arguments, factor: number): number {
  const end = typeof args.end === "number" ? args.end : 0;
  return end + (1 - end) * factor;
}
