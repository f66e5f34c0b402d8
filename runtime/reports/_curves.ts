// `metrics.jsonl` of runs as curves: read, thinned, and averaged over seeds.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readNamed } from "../files/read.ts";
import type { LinePoint } from "./_plots.ts";
import { momentsOf } from "./_statistics.ts";

export interface Point { readonly step: number; readonly value: number }

export interface RunMetrics {
  readonly loss: readonly Point[];
  /** By head, where there are several. */
  readonly losses: { readonly [head: string]: readonly Point[] };
  readonly rate: readonly Point[];
  /** Of held-out data, by metric. */
  readonly evaluations: { readonly [metric: string]: readonly Point[] };
  readonly samples: readonly { readonly step: number; readonly prompt: string; readonly text: string }[];
  /** Steps whose batch was left out. */
  readonly skipped: readonly number[];
}

/** Null where the folder has none. A last line that was cut off is left out. Throws UserError where it cannot be read. */
export function readMetrics(folder: string): RunMetrics | null {
  const path = join(folder, "metrics.jsonl");
  return existsSync(path) ? parseMetrics(readNamed(path, path)) : null;
}

export function parseMetrics(jsonl: string): RunMetrics {
  const loss: Point[] = [], rate: Point[] = [], samples: RunMetrics["samples"][number][] = [], skipped: number[] = [];
  const [losses, evaluations]: { [name: string]: Point[] }[] = [{}, {}];
  for (const line of jsonl.split("\n")) {
    const entry = lineOf(line);
    if (!entry || typeof entry.step !== "number") continue;
    const { step } = entry;
    const add = (list: Point[], value: unknown): void => {
      if (typeof value === "number" && Number.isFinite(value)) list.push({ step, value });
    };
    add(loss, entry.loss);
    add(rate, entry.rate);
    for (const [name, value] of Object.entries((entry.losses ?? {}) as object)) add((losses[name] ??= []), value);
    for (const [name, value] of Object.entries((entry.evaluation ?? {}) as object)) add((evaluations[name] ??= []), value);
    if (typeof entry.sample === "string") samples.push({ step, prompt: typeof entry.prompt === "string" ? entry.prompt : "", text: entry.sample });
    if (entry.skipped === true) skipped.push(step);
  }
  return { loss, losses, rate, evaluations, samples, skipped };
}

function lineOf(line: string): { readonly [key: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as { [key: string]: unknown }) : null;
  } catch {
    return null;
  }
}

/** Points of a curve, at most. */
const most = 160;

/**
 * The mean over seeds with a band of one standard deviation. Long curves are thinned: each point is the mean of the steps around it, the
 * same steps for every seed, at their middle. `exact` keeps every step (evaluations, which are few).
 */
export function averaged(seeds: readonly (readonly Point[])[], { exact = false } = {}): LinePoint[] {
  const last = Math.max(0, ...seeds.map((points) => points.at(-1)?.step ?? 0));
  const wide = exact ? 1 : Math.max(1, Math.ceil(last / most));
  const buckets = new Map<number, { steps: number; count: number; sums: Map<number, { sum: number; count: number }> }>();
  seeds.forEach((points, seed) => {
    for (const { step, value } of points) {
      const key = Math.floor((step - 1) / wide);
      const bucket = buckets.get(key) ?? { steps: 0, count: 0, sums: new Map() };
      buckets.set(key, bucket);
      bucket.steps += step;
      bucket.count++;
      const own = bucket.sums.get(seed) ?? { sum: 0, count: 0 };
      bucket.sums.set(seed, { sum: own.sum + value, count: own.count + 1 });
    }
  });
  return [...buckets].sort(([a], [b]) => a - b).map(([, { steps, count, sums }]) => {
    const { mean, deviation } = momentsOf([...sums].map(([seed, { sum, count: n }]) => ({ seed, value: sum / n })))!;
    return { x: steps / count, y: mean, low: deviation === null ? null : mean - deviation, high: deviation === null ? null : mean + deviation };
  });
}
