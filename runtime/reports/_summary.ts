// An ablation's result with its statistics: what every table, picture and text of a report is made of. No time, no machine.

import type { AblationResult, AblationRow, Measure } from "./_result.ts";
import { beyondBaseline, differenceOf, momentsOf, placesOf, toldApart, type Difference, type Moments, type Place, type Sample } from "./_statistics.ts";

export interface Cell {
  readonly moments: Moments | null;
  /** Against the baseline; null for itself. */
  readonly difference: Difference | null;
  /** More than two of the baseline's standard deviations away; null where that is not known. */
  readonly beyond: boolean | null;
  /** Among the rows with values. */
  readonly place: Place | null;
}

export interface MeasureSummary {
  readonly measure: Measure;
  readonly baseline: Moments | null;
  /** One for each row. */
  readonly cells: readonly Cell[];
  /** 1 where row i is better than row j for sure, −1 where it is worse, 0 where they cannot be told apart. */
  readonly compare: (i: number, j: number) => -1 | 0 | 1;
}

export interface RowSummary {
  readonly row: AblationRow;
  /** Fewest and most seeds of its measures. */
  readonly seeds: readonly [number, number];
  /** What failed or is still to be done, each with its seed. */
  readonly problems: readonly string[];
  /** The same jobs as the baseline's: its numbers are the baseline's own. */
  readonly sameAsBaseline: boolean;
}

export interface AblationSummary {
  readonly result: AblationResult;
  readonly rows: readonly RowSummary[];
  readonly measures: readonly MeasureSummary[];
}

export function summaryOf(result: AblationResult): AblationSummary {
  const baseline = result.rows.find((row) => row.baseline) ?? null;
  const measures = result.measures.map((measure): MeasureSummary => {
    const samples = result.rows.map((row): readonly Sample[] => row.results[measure.name] ?? []);
    const moments = samples.map(momentsOf);
    const own = baseline ? samples[result.rows.indexOf(baseline)] : [];
    const yardstick = momentsOf(own);
    const compare = (i: number, j: number): -1 | 0 | 1 => {
      const sign = yardstick ? toldApart(samples[i], samples[j], yardstick) : 0;
      return measure.higher_is_better || sign === 0 ? sign : sign > 0 ? -1 : 1;
    };
    const present = moments.flatMap((one, i) => (one ? [i] : []));
    const places = placesOf(present.length, (i, j) => compare(present[i], present[j]));
    const cells = result.rows.map((row, i): Cell => {
      const other = moments[i];
      if (!other) return { moments: null, difference: null, beyond: null, place: null };
      const against = row !== baseline && yardstick;
      return { moments: other, difference: against ? differenceOf(samples[i], own) : null, beyond: against ? beyondBaseline(other, yardstick) : null, place: places[present.indexOf(i)] };
    });
    return { measure, baseline: yardstick, cells, compare };
  });
  const rows = result.rows.map((row, i): RowSummary => {
    const counts = measures.map(({ cells }) => cells[i].moments?.n ?? 0);
    return { row, seeds: counts.length ? [Math.min(...counts), Math.max(...counts)] : [0, 0], problems: problemsOf(row), sameAsBaseline: baseline !== null && row !== baseline && row.jobs.length > 0 && jobKey(row) === jobKey(baseline) };
  });
  return { result, rows, measures };
}

const jobKey = (row: AblationRow): string => row.jobs.map(({ hash, seed }) => `${hash} ${seed}`).sort().join("\n");

/** `spam, seeds 1 and 2: the loss is not a number`: equal reasons of one run together. */
function problemsOf(row: AblationRow): string[] {
  const groups = new Map<string, { run: string; status: string; why: string | null; seeds: number[] }>();
  for (const { run, seed, status, why } of row.jobs) {
    if (status === "done") continue;
    const key = JSON.stringify([run, status, why]);
    const group = groups.get(key) ?? { run, status, why, seeds: [] };
    group.seeds.push(seed);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ run, status, why, seeds }) => `${run}, ${seeds.length > 1 ? "seeds" : "seed"} ${listText(seeds.map(String))}: ${status === "waiting" ? "not run yet" : (why ?? "failed")}`);
}

/** `a, b and c`. */
export function listText(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
