// What `pt ablate` shows while it runs: rows × seeds on a terminal, lines of what ends elsewhere, or JSON lines.

import pc from "picocolors";
import type { AblationPlan, Job } from "../../compiler/ablations/plan.ts";
import type { Io } from "../commands/define.ts";
import { liveBlock } from "../terminal/live-block.ts";
import { bar, duration } from "../terminal/numbers.ts";
import { textWidth } from "../terminal/width.ts";
import type { JobState } from "./schedule.ts";

export interface AblationView { readonly change: (job: Job, state: JobState) => void; readonly end: () => void }

/** Rows that are shown at once; those that run come first. */
const mostRows = 24;

export function ablationView(plan: AblationPlan, io: Io, json: boolean): AblationView {
  const states = new Map<Job, JobState>();
  const began = performance.now();
  const nameOf = (job: Job): string => `${plan.rows[Math.min(...job.rows)].row.label}, seed ${job.seed}: ${job.name}`;
  if (json) {
    return {
      change: (job, { status, why, seconds, step, steps, loss }) => io.stdout.write(`${JSON.stringify({ event: status === "running" && step > 0 ? "progress" : "job", run: job.name, kind: job.kind, hash: job.plan!.hash, row: plan.rows[Math.min(...job.rows)].row.label, rows: [...job.rows].map((row) => plan.rows[row].row.label), seed: job.seed, status, why, step, steps, loss, seconds })}\n`),
      end: () => {},
    };
  }
  const block = liveBlock(io);
  const color = pc.createColors(io.color);
  const counted = (status: JobState["status"]): number => [...states.values()].filter((state) => state.status === status).length;
  const cell = (jobs: readonly Job[]): string => {
    const own = jobs.map((job) => states.get(job));
    const at = own.findIndex((state) => state?.status === "running");
    if (at >= 0) {
      const { step, steps, loss } = own[at]!;
      return `${bar(steps ? step / steps : 0, 8)}${loss === null ? "" : ` ${loss.toFixed(3)}`}${jobs.length > 1 ? ` ${at + 1}/${jobs.length}` : ""}`;
    }
    if (own.some((state) => state?.status === "failed")) return "failed";
    return own.every((state) => state?.status === "done") ? "done" : "·";
  };
  const lines = (): readonly string[] => {
    const running = (row: number): boolean => plan.rows[row].cells.some(({ jobs }) => jobs.some((job) => states.get(job)?.status === "running"));
    const order = plan.rows.map((_, i) => i).sort((a, b) => Number(running(b)) - Number(running(a)) || a - b).slice(0, mostRows).sort((a, b) => a - b);
    const labels = order.map((i) => plan.rows[i].row.label);
    const width = Math.min(32, Math.max(...labels.map(textWidth)));
    const cells = order.map((i) => plan.rows[i].cells.map(({ jobs }) => cell(jobs)));
    const columns = plan.spec.seeds.map((_, j) => Math.max(...cells.map((row) => textWidth(row[j]))));
    const rest = plan.rows.length - order.length;
    return [
      ...order.map((_, i) => `${labels[i].slice(0, 32).padEnd(width)}  ${cells[i].map((text, j) => text.padEnd(columns[j])).join("  ")}`),
      ...(rest ? [`… and ${rest} more rows`] : []),
      `${counted("done")} of ${plan.jobs.length} jobs done${counted("failed") ? `, ${counted("failed")} failed` : ""}, ${duration((performance.now() - began) / 1000)}`,
    ];
  };
  return {
    change(job, state) {
      const before = states.get(job)?.status;
      states.set(job, state);
      if (state.status === "failed" && before !== "failed") block.above(color.red(`${nameOf(job)} failed: ${state.why}`));
      else if (!io.isTerminal && state.status !== before && (state.status === "done" || state.status === "running")) block.above(`${nameOf(job)} ${state.status === "done" ? `done in ${duration(state.seconds)} (${counted("done")} of ${plan.jobs.length})` : "begins"}`);
      block.show(lines, state.status !== before);
    },
    end: () => block.clear(),
  };
}
