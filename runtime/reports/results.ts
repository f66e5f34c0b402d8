// The table of an ablation, or what came of a run.

import { code, text, type Block, type Inline } from "./_blocks.ts";
import { defineSection } from "./define.ts";
import { plainText } from "./_number-text.ts";
import type { RunRecord } from "./_subject.ts";
import { listText, type AblationSummary } from "./_summary.ts";
import { ablationTable } from "./_table.ts";
import { both, duration, exact, flops, percent, short } from "../terminal/numbers.ts";

export const results = defineSection({
  title: "Results",
  order: 10,
  applies: ({ kind }) => kind !== "runs",
  blocks: (subject) => (subject.kind === "ablation" ? ablationBlocks(subject.summary) : subject.kind === "run" ? runBlocks(subject.run) : []),
});

function ablationBlocks(summary: AblationSummary): Block[] {
  const { result, rows } = summary;
  if (!rows.length) return [text("The ablation has no rows.")];
  const table = ablationTable(summary);
  const deviations = summary.measures.some(({ baseline }) => baseline?.deviation != null);
  const jobs = new Map(rows.flatMap(({ row }) => row.jobs).map((job) => [`${job.hash} ${job.seed}`, job]));
  const of = (status: string): number => [...jobs.values()].filter((job) => job.status === status).length;
  const [failed, waiting] = [of("failed"), of("waiting")];
  const { seeds } = result;
  const state = [`${jobs.size} ${jobs.size === 1 ? "run" : "different runs"}`, ...(failed ? [`${failed} failed`] : []), ...(waiting ? [`${waiting} not run yet`] : [])].join(", ");
  return [
    text(`${rows.length} ${rows.length === 1 ? "row" : "rows"}, ${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"} (${listText(seeds.map(String))}), ${state}.`),
    { ...table, caption: "Mean ± sample standard deviation over seeds; difference from the baseline ± its standard error." },
    ...(deviations ? [notes(summary)] : [text("No standard deviations: one seed says nothing about how far another would be. No difference is marked, and no row is ranked.")]),
    ...(result.asserts.length ? [{ kind: "list", items: result.asserts.map(({ text: asserted, holds, detail }): Inline[] => [code(asserted), `: ${holds ? "holds" : "does not hold"}${detail ? `, ${detail}` : ""}`]) } as const] : []),
  ];
}

/** What the signs mean, with the standard deviations that the marks are measured with. */
function notes(summary: AblationSummary): Block {
  const yardsticks = summary.measures.flatMap(({ measure, baseline }) => (baseline?.deviation == null ? [] : [`${plainText(2 * baseline.deviation)} for ${measure.name}`]));
  const methods = new Set(summary.measures.flatMap(({ cells }) => cells.flatMap(({ difference }) => (difference ? [difference.by] : []))));
  return text(
    `↑ higher is better, ↓ lower is better. * the mean is more than two of the baseline's own standard deviations from the baseline's mean (${yardsticks.join(", ")}), as in Raffel et al. 2020. `,
    methods.has("paired") ? "Differences are paired over the seeds that a row and the baseline share: mean and standard error of the difference of each seed. " : "",
    methods.has("welch") ? "Where seeds differ, the error is Welch's, of independent samples. " : "",
    methods.has("one seed") ? "A difference without an error rests on one seed." : "",
  );
}

function runBlocks({ plan, outcome, metrics, hash, kind }: RunRecord): Block[] {
  const facts: [string, string][] = [];
  if (plan) {
    const { parameters, flops: operations } = plan.costs;
    facts.push(["objective", plan.objective.text], ["parameters", parameters.trainable === parameters.total ? both(parameters.total) : `${both(parameters.total)}, ${exact(parameters.trainable)} trainable`]);
    if (operations.total !== null) facts.push(["operations", flops(operations.total)]);
    facts.push(["a step", `${plan.batch.examples} examples of ${plan.lengths.inputs} ${plan.lengths.inputs === 1 ? "token" : "tokens"}${plan.batch.pack ? ", packed" : ""}`], ["precision", plan.precision]);
  } else if (outcome) facts.push(["parameters", both(outcome.parameters.total)]);
  const last = metrics?.loss.at(-1);
  if (last) facts.push(["steps", `${exact(last.step)}${plan?.horizon.steps ? ` of ${exact(plan.horizon.steps)}` : ""}`], ["training loss", `${plainText(last.value)} at step ${exact(last.step)}`]);
  for (const [name, points] of Object.entries(metrics?.evaluations ?? {})) facts.push([`held-out ${name.replaceAll("_", " ")}`, points.length ? `${plainText(points.at(-1)!.value)} at step ${exact(points.at(-1)!.step)}` : ""]);
  if (outcome) {
    for (const [name, value] of Object.entries(outcome.metrics)) facts.push([`result: ${name.replaceAll("_", " ")}`, typeof value === "number" ? plainText(value) : "not a number"]);
    if (outcome.tokens !== null) facts.push(["tokens", short(outcome.tokens)]);
    if (outcome.seconds !== null) facts.push(["time", duration(outcome.seconds)]);
    if (outcome.seconds && outcome.waiting_seconds !== undefined) facts.push(["waiting for data", `${percent(outcome.waiting_seconds / outcome.seconds)} of the time`]);
  }
  if (metrics?.skipped.length) facts.push(["batches left out", `${metrics.skipped.length} (${metrics.skipped.length > 8 ? `${metrics.skipped.slice(0, 8).join(", ")}, …` : listText(metrics.skipped.map(String))})`]);
  facts.push(["hash", hash]);
  return [
    ...(metrics || outcome ? [] : [text("Nothing was trained yet: the folder has a plan, and no metrics.")]),
    { kind: "table", caption: "", columns: [{ title: kind }, { title: "" }], rows: facts.map((cells) => ({ cells })) },
  ];
}
