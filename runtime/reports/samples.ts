// What models wrote during training.

import { text, type Block } from "./_blocks.ts";
import type { RunMetrics } from "./_curves.ts";
import { defineSection } from "./define.ts";
import { exact } from "../terminal/numbers.ts";

/** Samples of a run and rows of an ablation, at most. */
const [mostSamples, mostRows] = [6, 12];

export const samples = defineSection({
  title: "Samples",
  order: 65,
  applies: ({ kind }) => kind !== "runs",
  blocks: (subject) => {
    if (subject.kind === "run") return spread(subject.run.metrics?.samples ?? []).flatMap(sampleBlocks);
    if (subject.kind !== "ablation") return [];
    // Of each row the last one of its first seed.
    const last = subject.summary.rows.flatMap(({ row }) => {
      const found = row.jobs.flatMap(({ folder, seed }) => {
        const sample = subject.metricsOf(folder)?.samples.at(-1);
        return sample ? [{ sample, seed }] : [];
      })[0];
      return found ? [{ label: row.label, ...found }] : [];
    });
    const shown = last.slice(0, mostRows).flatMap(({ label, sample, seed }): Block[] => [{ kind: "heading", text: `${label}, seed ${seed}` }, ...sampleBlocks(sample)]);
    return last.length > mostRows ? [text(`The first ${mostRows} of ${last.length} rows.`), ...shown] : shown;
  },
});

function sampleBlocks({ step, prompt, text: written }: RunMetrics["samples"][number]): Block[] {
  return [text(`After step ${exact(step)}${prompt ? `, from “${prompt}”` : ""}:`), { kind: "code", text: written || "(nothing)", language: "text" }];
}

/** The first, the last, and some between. */
function spread<T>(all: readonly T[]): T[] {
  if (all.length <= mostSamples) return [...all];
  return Array.from({ length: mostSamples }, (_, i) => all[Math.round((i * (all.length - 1)) / (mostSamples - 1))]);
}
