// `pt plan FILE ABLATION` as text.

import { bytes, duration, exact, flops, short } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { chinchilla } from "./advice.ts";
import type { Estimate } from "../plans/hardware.ts";
import type { Machine } from "../plans/hardware.ts";
import type { AblationReport, RowReport } from "./plan-report.ts";

/** Jobs that are listed one by one. */
const mostListed = 60;

const or = <T>(value: T | null, text: (value: T) => string): string => (value === null ? "?" : text(value));
const times = (count: number, word: string): string => `${exact(count)} ${word}${count === 1 ? "" : "s"}`;

export function ablationText({ ablation, runs, total }: AblationReport, machines: readonly Machine[]): string {
  const parts: string[] = [];
  const { seeds, rows } = ablation;
  parts.push(`${ablation.name}: ${times(rows.length, "row")} × ${times(seeds.length, "seed")} (${seeds.join(", ")}), measuring ${ablation.measures.join(", ")}\n`);
  parts.push(rowTable(rows), "");
  if (runs.length <= mostListed) {
    parts.push("jobs", table([["", "run", "row", "seed", "parameters", "FLOPs", "tokens", "memory", "time", ""], ...runs.map((run) => ["", run.hash ? `${run.name}-${run.hash.slice(0, 8)}` : run.name, run.row, String(run.seed), short(run.parameters.total), or(run.flops.total, flops), or(run.tokens, short), bytes(run.memory.peak), or(run.seconds, duration), run.shared ? `used ${run.shared + 1} times` : ""])], { right: [3, 4, 5, 6, 7, 8] }), "");
  }
  const saved = total.without_sharing - total.jobs;
  const facts: [string, string][] = [
    ["total", `${times(total.jobs, "job")}${saved ? ` instead of ${total.without_sharing}: ${saved} shared` : ""}; ${or(total.flops, flops)}, ${or(total.tokens, short)} tokens, at most ${bytes(total.memory)} at once`],
    ["time", `${total.seconds === null ? "" : `${duration(total.seconds)} one after the other here, `}${ablation.time}`],
    ...total.estimates.map((one, i): [string, string] => [one.hardware, estimateText(one, machines[i])]),
    ["tokens", adviceText(rows)],
    ...ablation.asserts.map((one): [string, string] => ["holds", `${(one as { text: string }).text}: ${(one as { detail: string }).detail}`]),
    ...(ablation.published ? [["published", ablation.published] as [string, string]] : []),
    ...(ablation.outline ? [["outline", "so many jobs are outlined: FLOPs and memory come from a step of one example, hashes when they run"] as [string, string]] : []),
  ];
  parts.push(table(facts.map(([name, text]) => [name, text])));
  return `${parts.join("\n")}\n`;
}

function rowTable(rows: readonly RowReport[]): string {
  const shown = rows.map((row) => [row.label, short(row.parameters), or(row.tokens, short), or(row.flops, flops), bytes(row.memory), or(row.budget.seconds, duration), or(row.budget.share, (share) => `${(100 * share).toFixed(1)} %`), row.baseline ? "baseline" : row.changes.map(({ path, from, to }) => `${path}: ${from} → ${to}`).join(", ")]);
  return table([["row", "parameters", "tokens", "FLOPs", "memory", "time", "of budget", "changes"], ...shown], { right: [1, 2, 3, 4, 5, 6] });
}

export function estimateText({ seconds, hours, price, fits }: Estimate, machine: Machine): string {
  const time = seconds === null || hours === null ? null : `${hours < 0.01 ? `${short(seconds)} s` : `${short(hours)} accelerator-hours`} at ${Number((100 * machine.utilisation).toPrecision(3))} % of ${short(machine.flops, "G")}FLOP/s`;
  return [...(time ? [time] : []), ...(price === null ? [] : [`${short(price)} in money`]), fits ? `fits in ${bytes(machine.memory)}` : `does not fit in ${bytes(machine.memory)}`].join("; ");
}

/** One line where all rows agree, else the extremes. */
function adviceText(rows: readonly RowReport[]): string {
  const known = rows.flatMap(({ label, advice }) => (advice ? [{ label, advice }] : []));
  if (!known.length) return "not known before the data is read";
  const sorted = [...known].sort((a, b) => a.advice.tokens_per_parameter - b.advice.tokens_per_parameter);
  const [least, most] = [sorted[0], sorted.at(-1)!];
  const lines = least.advice.tokens_per_parameter === most.advice.tokens_per_parameter ? least.advice.text : [least, most].map(({ label, advice }) => `${label}: ${advice.text}`).join("; ");
  return `${lines} (about 20 tokens a parameter, ${chinchilla.source})`;
}
