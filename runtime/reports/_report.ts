// A subject as a document: the sections that apply, in their order, in one of four formats.

import { dirname, join } from "node:path";
import { plural } from "../terminal/diagnostics.ts";
import { makeFolder, writeAtomically } from "../files/write.ts";
import type { ReportSection } from "./define.ts";
import { pageOf, type PageSection } from "./_html.ts";
import { reports } from "./index.ts";
import { markdownOf } from "./_markdown.ts";
import { overviewTable } from "./overview.ts";
import { readSubject, type RunRecord, type Subject } from "./_subject.ts";
import { ablationCsv, ablationJson, csvText } from "./_table.ts";

export const formats = ["html", "markdown", "csv", "json"] as const;
export type Format = (typeof formats)[number];

export interface RenderedReport {
  readonly text: string;
  /** Pictures of Markdown, in the folder `pictureFolder`. */
  readonly files: { readonly [name: string]: string };
}

export const pictureFolder = "report";

export async function renderReport(subject: Subject, format: Format): Promise<RenderedReport> {
  const { title } = subject;
  switch (format) {
    case "html":
      return { text: pageOf(title, subtitleOf(subject), await sectionsOf(subject)), files: {} };
    case "markdown":
      return markdownOf(title, await sectionsOf(subject), pictureFolder);
    case "csv":
      return { text: subject.kind === "ablation" ? ablationCsv(subject.summary) : subject.kind === "run" ? curvesCsv(subject.run) : runsCsv(subject.runs), files: {} };
    case "json":
      return { text: `${JSON.stringify(subject.kind === "ablation" ? ablationJson(subject.summary) : subject.kind === "run" ? runJson(subject.run) : { runs: subject.runs.map(runJson), ablations: subject.ablations.map(({ folder, summary }) => ({ folder, ...ablationJson(summary) })), unreadable: subject.unreadable }, null, 2)}\n`, files: {} };
  }
}

/** `report.html` in the folder of a run or an ablation, as they leave it. Throws UserError where it cannot be written. */
export async function writeFolderReport(folder: string): Promise<void> {
  const { text } = await renderReport(await readSubject(folder, folder), "html");
  writeAtomically(join(folder, "report.html"), text);
}

/** Writes a document, and its pictures beside it. */
export function writeReport({ text, files }: RenderedReport, path: string, folder: string): void {
  makeFolder(dirname(path));
  if (Object.keys(files).length) makeFolder(folder);
  for (const [name, picture] of Object.entries(files)) writeAtomically(join(folder, name), picture);
  writeAtomically(path, text);
}

async function sectionsOf(subject: Subject): Promise<PageSection[]> {
  const all = (Object.values(reports) as readonly ReportSection[]).filter(({ applies }) => applies(subject)).sort((a, b) => a.order - b.order);
  const sections: PageSection[] = [];
  for (const { title, blocks } of all) {
    const made = await blocks(subject);
    if (made.length) sections.push({ title, blocks: made });
  }
  return sections;
}

function subtitleOf(subject: Subject): string {
  switch (subject.kind) {
    case "ablation": {
      const { axes } = subject.summary.result;
      return `Ablation of ${subject.summary.result.file}${axes.length ? `: ${axes.map(({ title }) => title).join(" × ")}` : ""}`;
    }
    case "run":
      return `${subject.run.kind} ${subject.run.folder}`;
    case "runs":
      return [plural(subject.runs.length, "run"), ...(subject.ablations.length ? [plural(subject.ablations.length, "ablation")] : [])].join(", ");
  }
}

/** A line for each step that has a loss or an evaluation. */
function curvesCsv({ metrics }: RunRecord): string {
  const columns = metrics ? [["loss", metrics.loss] as const, ...Object.entries(metrics.losses).map(([head, points]) => [`loss ${head}`, points] as const), ["rate", metrics.rate] as const, ...Object.entries(metrics.evaluations).map(([name, points]) => [`held-out ${name}`, points] as const)] : [];
  const byStep = columns.map(([, points]) => new Map(points.map(({ step, value }) => [step, value])));
  const steps = [...new Set(byStep.flatMap((values) => [...values.keys()]))].sort((a, b) => a - b);
  return csvText([["step", ...columns.map(([name]) => name)], ...steps.map((step) => [step, ...byStep.map((values) => values.get(step) ?? null)])]);
}

const runsCsv = (runs: readonly RunRecord[]): string => {
  const { header, lines } = overviewTable(runs);
  return csvText([header, ...lines]);
};

function runJson({ folder, name, kind, hash, plan, metrics, sources, outcome, comparison }: RunRecord): object {
  return {
    folder, name, kind, hash,
    parameters: plan?.costs.parameters ?? outcome?.parameters ?? null,
    flops: plan?.costs.flops ?? null,
    step: metrics?.loss.at(-1)?.step ?? outcome?.step ?? null,
    loss: metrics?.loss.at(-1)?.value ?? null,
    evaluation: Object.fromEntries(Object.entries(metrics?.evaluations ?? {}).flatMap(([metric, points]) => (points.length ? [[metric, points.at(-1)!.value]] : []))),
    metrics: outcome?.metrics ?? null,
    sources,
    comparison,
  };
}
