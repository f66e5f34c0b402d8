// Fine-tuning from pretrained weights against the same run from scratch, by the number of labelled examples.

import { text, type Block } from "./_blocks.ts";
import type { Comparison, ComparisonRow } from "./_comparison.ts";
import { averaged } from "./_curves.ts";
import { defineSection } from "./define.ts";
import { differenceOf, momentsOf, type Sample } from "./_statistics.ts";
import { uncertainText } from "./_number-text.ts";
import { linePlot, type Axis, type Line } from "./_plots.ts";
import type { Subject } from "./_subject.ts";
import { exact } from "../terminal/numbers.ts";

const starts = ["pretrained", "from scratch"] as const;

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
    // Seeds of one run are one comparison; what was said of one of them is not said of all.
    const runs = new Map<string, Comparison>();
    for (const { run, folder, seed } of row.jobs) {
      const found = subject.comparisonOf(folder);
      if (found) runs.set(run, { metric: found.metric, rows: [...(runs.get(run)?.rows ?? []), ...found.rows.map((one) => ({ ...one, seed }))], statement: null });
    }
    return [...runs].map(([run, comparison]) => ({ title: `${row.label}, ${run}`, comparison }));
  });
}

async function comparisonBlocks(title: string, { metric, rows, statement }: Comparison, i: number): Promise<Block[]> {
  const counts = [...new Set(rows.map(({ examples }) => examples))].sort((a, b) => a - b);
  const present = starts.filter((start) => rows.some((row) => row.start === start));
  const of = (start: ComparisonRow["start"], examples: number): ComparisonRow[] => rows.filter((row) => row.start === start && row.examples === examples);
  const samples = (start: ComparisonRow["start"], examples: number): Sample[] => of(start, examples);
  const measured = metric.replaceAll("_", " ");
  const valueText = (given: readonly Sample[]): string => {
    const moments = momentsOf(given);
    return moments ? uncertainText(moments.mean, moments.deviation) : "";
  };
  const differenceText = (examples: number): string => {
    const difference = differenceOf(samples("pretrained", examples), samples("from scratch", examples));
    return difference ? uncertainText(difference.value, difference.error, true) : "";
  };
  const blocks: Block[] = [
    { kind: "heading", text: title },
    ...(statement ? [text(`${statement[0].toUpperCase()}${statement.slice(1)}.`)] : []),
    {
      kind: "table",
      caption: "",
      columns: [{ title: "labelled examples", numeric: true }, ...present.map((start) => ({ title: `${measured}, ${start}`, numeric: true })), ...(present.length > 1 ? [{ title: "difference", numeric: true }] : [])],
      rows: counts.map((examples) => ({ cells: [exact(examples), ...present.map((start) => valueText(samples(start, examples))), ...(present.length > 1 ? [differenceText(examples)] : [])] })),
    },
  ];
  const figure = async (name: string, lines: readonly Line[], x: Axis, what: string): Promise<void> => {
    const shown = lines.filter(({ points }) => points.length > 1);
    if (!shown.length) return;
    const caption = `${title}: ${measured} ${what}`;
    blocks.push({ kind: "figure", name, svg: await linePlot(shown, { x, y: { title: measured } }), caption: `${caption}.`, alternative: `${caption}: ${shown.map(({ label, points }) => `${label} from ${Number(points[0].y.toPrecision(3))} to ${Number(points.at(-1)!.y.toPrecision(3))}`).join(", ")}` });
  };
  const byCount = present.map((start, n): Line => ({ label: start, color: 1 + n, points: counts.flatMap((examples) => {
    const moments = momentsOf(samples(start, examples));
    return moments ? [{ x: examples, y: moments.mean, low: moments.deviation === null ? null : moments.mean - moments.deviation, high: moments.deviation === null ? null : moments.mean + moments.deviation }] : [];
  }) }));
  await figure(`labels-${i + 1}`, byCount, { title: "labelled examples", log: true, format: exact }, "by the number of labelled examples");
  const most = counts.at(-1)!;
  const overSteps = present.map((start, n): Line => ({ label: start, color: 1 + n, points: averaged(of(start, most).map(({ curve }) => curve), { exact: true }) }));
  await figure(`labels-${i + 1}-steps`, overSteps, { title: "step" }, `over steps, with ${exact(most)} labelled ${most === 1 ? "example" : "examples"}`);
  return blocks;
}
