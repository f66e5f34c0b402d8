// What an ablation measured, seed by seed: the numbers as they are.

import { table } from "../terminal/table.ts";
import type { AblationResult } from "./collect.ts";

/** A row a line, its values in the order of the seeds; what failed or is still to be done says so. */
export function valuesText({ rows, measures, seeds }: AblationResult): string {
  const lines = rows.map((row) => [row.label, ...measures.map(({ name }) => {
    const found = new Map(row.results[name].map(({ seed, value }) => [seed, value]));
    return seeds.map((seed) => (found.has(seed) ? String(Number(found.get(seed)!.toPrecision(5))) : "–")).join("  ");
  })]);
  const problems = rows.flatMap((row) => row.jobs.filter((job) => job.status === "failed").map((job) => `${row.label}, seed ${job.seed}: ${job.run} failed: ${job.why}`));
  return [table([["row", ...measures.map(({ name }) => `${name} (seeds ${seeds.join(", ")})`)], ...lines]), ...new Set(problems)].join("\n");
}
