// Learning curves: training loss and held-out metrics over steps, the mean and one standard deviation over seeds.

import type { Block } from "./_blocks.ts";
import { averaged, type Point, type RunMetrics } from "./_curves.ts";
import { defineSection } from "./define.ts";
import { linePlot, type Axis, type Line } from "./_plots.ts";
import type { AblationSubject, RunSubject } from "./_subject.ts";

/** Rows with a colour and a name of their own; others are drawn faintly behind them. */
const named = 8;

export const curves = defineSection({
  title: "Learning curves",
  order: 40,
  applies: ({ kind }) => kind !== "runs",
  blocks: (subject) => (subject.kind === "ablation" ? ablationCurves(subject) : subject.kind === "run" ? runCurves(subject) : []),
});

const unit = (metric: string): string => (/(^|_)loss$/.test(metric) ? `${metric.replaceAll("_", " ")} (nats)` : metric === "bits_per_byte" ? "bits per byte" : metric.replaceAll("_", " "));

async function runCurves({ run: { metrics, name } }: RunSubject): Promise<Block[]> {
  if (!metrics) return [];
  const blocks: Block[] = [];
  const heads = Object.entries(metrics.losses);
  const held = metrics.evaluations.loss;
  const losses: Line[] = [
    ...(metrics.loss.length ? [{ label: heads.length > 1 ? "sum" : "training", points: averaged([metrics.loss]), color: 1 }] : []),
    ...(held?.length ? [{ label: "held out", points: averaged([held], { exact: true }), color: 2 }] : []),
    ...(heads.length > 1 ? heads.map(([head, points], i) => ({ label: head, points: averaged([points]), color: 3 + i })) : []),
  ];
  if (losses.length) blocks.push(await figure("curve-loss", losses, unit("loss"), `Loss of ${name} over steps`));
  for (const [metric, points] of Object.entries(metrics.evaluations)) {
    if (metric === "loss" || !points.length) continue;
    blocks.push(await figure(`curve-${metric}`, [{ label: "held out", points: averaged([points], { exact: true }), color: 2 }], `held-out ${unit(metric)}`, `Held-out ${metric.replaceAll("_", " ")} of ${name} over steps`));
  }
  if (metrics.rate.length > 1) blocks.push(await figure("curve-rate", [{ label: "", points: averaged([metrics.rate]), color: 0 }], "learning rate", `Learning rate of ${name} over steps`, (value) => String(Number(value.toPrecision(3)))));
  return blocks;
}

async function ablationCurves({ summary, metricsOf }: AblationSubject): Promise<Block[]> {
  const runs = [...new Set(summary.rows.flatMap(({ row }) => row.jobs.filter(({ kind }) => kind !== "evaluate").map(({ run }) => run)))];
  const blocks: Block[] = [];
  for (const [n, run] of runs.entries()) {
    const rows = summary.rows.filter(({ sameAsBaseline }) => !sameAsBaseline).map(({ row }) => ({ label: row.label, seeds: row.jobs.filter((job) => job.run === run).flatMap(({ folder }) => metricsOf(folder) ?? []) })).filter(({ seeds }) => seeds.length);
    if (!rows.length) continue;
    const add = async (name: string, title: string, of: (metrics: RunMetrics) => readonly Point[] | undefined, exact: boolean, what: string): Promise<void> => {
      const lines = rows.map(({ label, seeds }, i): Line => ({ label: i < named ? label : "", color: i < named ? i : null, points: averaged(seeds.flatMap((metrics) => (of(metrics)?.length ? [of(metrics)!] : [])), { exact }) })).filter(({ points }) => points.length);
      if (!lines.length) return;
      const faint = lines.filter(({ color }) => color === null).length;
      const most = Math.max(...rows.map(({ seeds }) => seeds.length));
      // Faint ones first, so that they lie behind.
      blocks.push(await figure(`curve-${n + 1}-${name}`, [...lines.filter(({ color }) => color === null), ...lines.filter(({ color }) => color !== null)], title, `${run}: ${what} over steps${most > 1 ? ", mean and one standard deviation over seeds" : ""}${faint ? `; ${faint} further rows in gray` : ""}`));
    };
    await add("loss", `training ${unit("loss")}`, ({ loss }) => loss, false, "training loss");
    const metrics = new Set(["loss", ...summary.measures.flatMap(({ measure }) => (measure.name === `${run}.${measure.metric}` || !measure.name.includes(".") ? [measure.metric] : []))]);
    for (const metric of metrics) await add(`held-out-${metric.replace(/[^\w-]+/g, "-")}`, `held-out ${unit(metric)}`, ({ evaluations }) => evaluations[metric], true, `held-out ${metric.replaceAll("_", " ")}`);
  }
  return blocks;
}

async function figure(name: string, lines: readonly Line[], title: string, caption: string, format?: Axis["format"]): Promise<Block> {
  const svg = await linePlot(lines, { x: { title: "step" }, y: { title, format } });
  const ends = lines.filter(({ color }) => color !== null).map(({ label, points }) => `${label ? `${label} ` : ""}from ${Number(points[0].y.toPrecision(3))} to ${Number(points.at(-1)!.y.toPrecision(3))}`);
  return { kind: "figure", name: name.replace(/[^\w-]+/g, "-"), svg, caption: `${caption}.`, alternative: `${caption}: ${ends.join(", ")}` };
}
