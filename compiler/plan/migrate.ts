// Keeps older plans readable: one step per format, each from its format to the next.

/** What this program writes (`Plan.format`). */
export const currentFormat = 1;

/** The oldest format that is still read. */
export const oldestFormat = 1;

type Json = { readonly [key: string]: unknown };

/** A step takes a whole plan of its format; what it returns need not set `format`. */
export type Migration = (plan: Json) => Json;
export type Migrations = { readonly [from: number]: Migration };

/** By the format that a step starts from. Empty as long as there is one format. */
export const migrations: Migrations = {};

/** The plan in format `current`, its hash no longer true when a step was taken. Throws when a step is missing: a bug. */
export function migratePlan(plan: Json & { readonly format: number }, table: Migrations = migrations, current: number = currentFormat): Json & { readonly format: number } {
  let result = plan;
  while (result.format < current) {
    const step = table[result.format];
    if (!step) throw new Error(`no migration from plan format ${result.format}`);
    result = { ...step(result), format: result.format + 1 };
  }
  return result;
}
