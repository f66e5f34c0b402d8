// A folder of runs as one table.

import type { Block } from "./_blocks.ts";
import { defineSection } from "./define.ts";
import { plainText } from "./_number-text.ts";
import type { RunRecord, RunsSubject } from "./_subject.ts";
import { exact, short } from "../terminal/numbers.ts";

export const overview = defineSection({
  title: "Runs",
  order: 5,
  applies: ({ kind }) => kind === "runs",
  blocks: (subject) => (subject.kind === "runs" ? blocksOf(subject) : []),
});

function blocksOf({ runs, ablations, unreadable }: RunsSubject): Block[] {
  const { header, lines } = overviewTable(runs);
  return [
    ...(runs.length ? [{ kind: "table", caption: "Losses are of the last step; held-out values of the last evaluation.", columns: header.map((title, i) => ({ title, numeric: i > 1 })), rows: lines.map((cells) => ({ cells: cells.map((cell, i) => (cell === null ? "" : typeof cell === "string" ? cell : header[i] === "steps" ? exact(cell) : header[i] === "parameters" ? short(cell) : plainText(cell))) })) } as const] : []),
    ...(ablations.length ? [{ kind: "table", caption: "Ablations.", columns: [{ title: "ablation" }, { title: "rows", numeric: true }, { title: "seeds", numeric: true }, { title: "measures" }, { title: "rows with problems", numeric: true }], rows: ablations.map(({ folder, summary: { result, rows } }) => ({ cells: [folder, exact(rows.length), exact(result.seeds.length), result.measures.map(({ name }) => name).join(", "), exact(rows.filter(({ problems }) => problems.length).length)] })) } as const] : []),
    ...(unreadable.length ? [{ kind: "table", caption: "Folders that could not be read.", columns: [{ title: "folder" }, { title: "why" }], rows: unreadable.map(({ folder, why }) => ({ cells: [folder, why] })) } as const] : []),
  ];
}

/** Also for CSV. Columns of held-out metrics are those that any run has. */
export function overviewTable(runs: readonly RunRecord[]): { header: string[]; lines: (string | number | null)[][] } {
  const held = (run: RunRecord): { [metric: string]: number } => ({ ...Object.fromEntries(Object.entries(run.metrics?.evaluations ?? {}).flatMap(([name, points]) => (points.length ? [[name, points.at(-1)!.value]] : []))), ...run.outcome?.metrics });
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(held(run))))];
  return {
    header: ["run", "kind", "parameters", "steps", "loss", ...metrics.map((name) => `held-out ${name.replaceAll("_", " ")}`)],
    lines: runs.map((run) => {
      const values = held(run);
      const last = run.metrics?.loss.at(-1);
      return [run.folder, run.kind, run.plan?.costs.parameters.total ?? run.outcome?.parameters.total ?? null, last?.step ?? run.outcome?.step ?? null, last?.value ?? null, ...metrics.map((name) => values[name] ?? null)];
    }),
  };
}
