// Jobs in the order of what they need, as many at once as there are workers. A failure is noted, and only what needs that job waits.

import { totalmem } from "node:os";
import type { AblationPlan, Job } from "../../compiler/ablations/plan.ts";
import { UserError } from "../files/user-error.ts";
import { finishedJob } from "./finished.ts";
import { startWorker, type Worker, type WorkerEnd, type WorkerEvent } from "./worker.ts";

export interface JobState {
  readonly status: "done" | "failed" | "waiting" | "running";
  readonly why: string | null;
  /** Of this call. */
  readonly seconds: number;
  /** Of an evaluation answers, at first of none. */
  readonly step: number;
  readonly steps: number | null;
  readonly loss: number | null;
}

export interface ScheduleOptions {
  readonly out: string;
  readonly base: string;
  readonly backend: string;
  readonly program: readonly string[];
  readonly workers: number;
  /** Cores to share out among the workers. */
  readonly cores: number;
  /** Train nothing. */
  readonly collect?: boolean;
  readonly signal: AbortSignal;
  readonly onChange: (job: Job, state: JobState) => void;
}

/** A worker's program and libraries, in bytes, beside what its plan counts. */
const program = 150e6;

/** How often, and for how many seconds at first, a run is tried again that another process still holds: one whose ablation was killed saves and ends. */
const patience = { tries: 60, seconds: 1 } as const;

export async function runJobs(plan: AblationPlan, options: ScheduleOptions): Promise<ReadonlyMap<Job, JobState>> {
  const { out, signal, onChange } = options;
  const states = new Map<Job, JobState>();
  const set = (job: Job, change: Partial<JobState>): void => {
    const state = { ...states.get(job)!, ...change };
    states.set(job, state);
    onChange(job, state);
  };
  for (const job of plan.jobs) {
    const finished = finishedJob(out, job) !== null;
    const steps = job.kind === "evaluate" ? null : job.run.horizon.steps;
    states.set(job, { status: finished ? "done" : "waiting", why: null, seconds: 0, step: finished ? (steps ?? 0) : 0, steps, loss: null });
  }
  const tries = new Map<Job, number>();
  const running = new Map<Job, Worker>();
  const budget = 0.8 * totalmem();
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    running.forEach((worker) => worker.stop());
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted || options.collect) stopped = true;

  /** Waiting for another process to let go of them. */
  const held = new Set<Job>();
  const waiting: Promise<void>[] = [];
  const next = (): Job | undefined => plan.jobs.find((job) => {
    if (states.get(job)!.status !== "waiting" || held.has(job)) return false;
    if (job.needs.some((one) => states.get(one)!.status !== "done")) return false;
    const used = [...running.keys()].reduce((sum, one) => sum + one.costs.memory.peak + program, 0);
    return running.size === 0 || used + job.costs.memory.peak + program <= budget;
  });

  const finish = (job: Job, end: WorkerEnd): void => {
    const seconds = states.get(job)!.seconds + end.seconds;
    const tried = (tries.get(job) ?? 0) + 1;
    tries.set(job, tried);
    if (end.status === "done") set(job, { status: "done", why: null, seconds });
    else if (end.status === "interrupted" || (stopped && end.status === "failed" && end.why?.includes("ended by"))) set(job, { status: "waiting", seconds });
    else if (end.status === "locked" && tried <= patience.tries) {
      set(job, { status: "waiting", why: end.why });
      held.add(job);
      waiting.push(new Promise((resolve) => setTimeout(() => (held.delete(job), resolve()), patience.seconds * 1000)));
    } else set(job, { status: "failed", why: end.why, seconds });
    if (states.get(job)!.status === "failed") failDependents(plan, job, set, states);
  };

  const start = (job: Job): Promise<void> => {
    const threads = Math.max(1, Math.floor(options.cores / Math.min(options.workers, running.size + 1 + readyBeside(plan, job, states))));
    const onEvent = (event: WorkerEvent): void => {
      if ("of" in event) set(job, { step: event.done, steps: event.of });
      else if (event.event === "start" || event.event === "resume") set(job, { step: event.step, steps: event.steps });
      else if (event.event === "step") set(job, { step: event.step, steps: event.steps, loss: event.loss });
    };
    set(job, { status: "running", why: null });
    try {
      const worker = startWorker(job, { out, base: options.base, backend: options.backend, program: options.program, threads, onEvent });
      running.set(job, worker);
      return worker.end.then((end) => {
        running.delete(job);
        finish(job, end);
      });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      finish(job, { status: "failed", why: `${error.diagnostics[0].code} ${error.diagnostics[0].message}`, seconds: 0 });
      return Promise.resolve();
    }
  };

  const active = new Set<Promise<void>>();
  for (;;) {
    while (!stopped && running.size < options.workers) {
      const job = next();
      if (!job) break;
      const work: Promise<void> = start(job).finally(() => active.delete(work));
      active.add(work);
    }
    if (active.size) await Promise.race([...active, ...(held.size ? waiting.slice(-held.size) : [])]);
    else if (held.size && !stopped) await Promise.race(waiting.slice(-held.size));
    else break;
  }
  signal.removeEventListener("abort", stop);
  return states;
}

/** How many jobs could run beside this one now. */
function readyBeside({ jobs }: AblationPlan, job: Job, states: ReadonlyMap<Job, JobState>): number {
  return jobs.filter((one) => one !== job && states.get(one)!.status === "waiting" && one.needs.every((need) => states.get(need)!.status === "done")).length;
}

function failDependents({ jobs }: Pick<AblationPlan, "jobs">, failed: Job, set: (job: Job, change: Partial<JobState>) => void, states: ReadonlyMap<Job, JobState>): void {
  for (const job of jobs) {
    if (!job.needs.includes(failed) || states.get(job)!.status !== "waiting") continue;
    set(job, { status: "failed", why: `\`${failed.name}\`, which it ${job.kind === "evaluate" ? "measures" : "starts from"}, failed: ${states.get(failed)!.why}` });
    failDependents({ jobs }, job, set, states);
  }
}
