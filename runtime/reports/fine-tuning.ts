// Fine-tuning from pretrained weights against the same run from scratch, by the number of labelled examples.

import { text, type Block } from "./_blocks.ts";
import type { Comparison, ComparisonRow } from "./_comparison.ts";
import { defineSection } from "./define.ts";
import { uncertainText } from "./_number-text.ts";
import { linePlot, type Line } from "./_plots.ts";
import { momentsOf } from "./_statistics.ts";
import type { Subject } from "./_subject.ts";
import { exact } from "../terminal/numbers.ts";

export const fineTuning = defineSection({
  title: "Pretrained against scratch",
  order: 60,
  applies: (subject) => comparisonsOf(subject).length > 0,
  blocks: async (subject) => {
    const blocks: Block[] = [];
    for (const [i, { title, comparison }] of comparisonsOf(subject).entries()) blocks.push(...(await comparisonBlocks(title, comparison, i)));
    return blocks;
  },
});

function comparisonsOf(subject: Subject): { title: string; comparison: Comparison }[] {
  if (subject.kind === "run") return subject.run.comparison ? [{ title: subject.run.name, comparison: subject.run.comparison }] : [];
  if (subject.kind !== "ablation") return [];
  return subject.summary.rows.flatMap(({ row }) => {
    // Seeds of one run are one comparison.
    const runs = new Map<string, ComparisonRow[]>();
    for (const { run, folder, seed } of row.jobs) {
      const found = subject.comparisonOf(folder);
      if (found) runs.set(run, [...(runs.get(run) ?? []), ...found.rows.map((one) => ({ ...one, seed: one.seed ?? seed }))]);
    }
    return [...runs].map(([run, rows]) => ({ title: `${row.label}, ${run}`, comparison: { name: run, rows } }));
  });
}

async function comparisonBlocks(title: string, { rows }: Comparison, i: number): Promise<Block[]> {
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  const starts = [...new Set(rows.map(({ start }) => start))];
  const counts = [...new Set(rows.map(({ examples }) => examples))].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
  const of = (start: string, examples: number | null, metric: string) => momentsOf(rows.filter((row) => row.start === start && row.examples === examples).map(({ seed, metrics: values }, n) => ({ seed: seed ?? n, value: values[metric] })));
  const blocks: Block[] = [
    { kind: "heading", text: title },
    {
      kind: "table",
      caption: "",
      columns: [{ title: "labelled examples", numeric: true }, ...starts.flatMap((start) => metrics.map((metric) => ({ title: `${start}: ${metric.replaceAll("_", " ")}`, numeric: true })))],
      rows: counts.map((examples) => ({ cells: [examples === null ? "all" : exact(examples), ...starts.flatMap((start) => metrics.map((metric) => {
        const moments = of(start, examples, metric);
        return moments ? uncertainText(moments.mean, moments.deviation) : "";
      }))] })),
    },
  ];
  const known = counts.filter((examples) => examples !== null);
  if (known.length < 2) return blocks.length ? blocks : [text("No results.")];
  for (const [m, metric] of metrics.entries()) {
    const lines = starts.map((start, n): Line => ({ label: start, color: 1 + n, points: known.flatMap((examples) => {
      const moments = of(start, examples, metric);
      return moments ? [{ x: examples, y: moments.mean, low: moments.deviation === null ? null : moments.mean - moments.deviation, high: moments.deviation === null ? null : moments.mean + moments.deviation }] : [];
    }) })).filter(({ points }) => points.length);
    if (!lines.length) continue;
    const caption = `${title}: ${metric.replaceAll("_", " ")} by the number of labelled examples`;
    blocks.push({ kind: "figure", name: `labels-${i + 1}-${m + 1}`, svg: await linePlot(lines, { x: { title: "labelled examples", log: true, format: "~s" }, y: { title: metric.replaceAll("_", " ") } }), caption: `${caption}.`, alternative: `${caption}: ${lines.map(({ label, points }) => `${label} from ${Number(points[0].y.toPrecision(3))} to ${Number(points.at(-1)!.y.toPrecision(3))}`).join(", ")}` });
  }
  return blocks;
}
