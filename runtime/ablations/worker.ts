// One job in a process of its own: `pt train FOLDER --json`, or `pt evaluate`.

import { spawn } from "node:child_process";
import type { Job } from "../../compiler/ablations/plan.ts";
import { prepareEvaluation } from "../evaluation/folder.ts";
import type { EvaluationEvent } from "../evaluation/run.ts";
import { makeFolder, writeAtomically } from "../files/write.ts";
import { locationText } from "../runs/open.ts";
import type { TrainEvent } from "../training/events.ts";
import { prepareFolder, runFolder } from "../training/run-folder.ts";

export type WorkerEvent = TrainEvent | EvaluationEvent;

export interface WorkerOptions {
  readonly out: string;
  readonly base: string;
  readonly backend: string;
  /** The command line that starts this program. */
  readonly program: readonly string[];
  readonly threads: number;
  readonly onEvent: (event: WorkerEvent) => void;
}

export interface WorkerEnd {
  readonly status: "done" | "failed" | "interrupted" | "locked";
  /** The last diagnostic, or how the process ended. */
  readonly why: string | null;
  readonly seconds: number;
}

export interface Worker { readonly end: Promise<WorkerEnd>; /** Asks it to finish its step and save. */ readonly stop: () => void }

/** Its folder is that of the command. Throws UserError when that cannot be written. */
export function startWorker(job: Job, { out, base, backend, program, threads, onEvent }: WorkerOptions): Worker {
  const folder = runFolder(out, job.plan!);
  writeJob(folder, job, base);
  const began = performance.now();
  const [command, ...first] = program;
  // A group of its own: Ctrl-C reaches the ablation alone, which passes it on once. The channel ends with this process, and the worker saves then.
  const child = spawn(command, [...first, commandOf(job), folder, "--json", "--backend", backend], { stdio: ["ignore", "pipe", "pipe", "ipc"], detached: true, env: { ...process.env, PT_THREADS: String(threads) } });
  let [rest, errors] = ["", ""];
  let diagnostic: { code: string; message: string } | null = null;
  let last: WorkerEvent["event"] | null = null;
  const read = (line: string): void => {
    const value = parseLine(line);
    if (!value) return;
    if ("diagnostics" in value) diagnostic = value.diagnostics.findLast((one) => one.severity === "error") ?? diagnostic;
    else {
      last = value.event;
      onEvent(value);
    }
  };
  child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    lines.forEach(read);
  });
  child.stderr!.setEncoding("utf8").on("data", (chunk: string) => (errors = (errors + chunk).slice(-4_000)));
  const end = new Promise<WorkerEnd>((resolve) => {
    const finish = (code: number | null, signal: string | null, problem: string | null): void => {
      read(rest);
      rest = "";
      const seconds = (performance.now() - began) / 1000;
      const why = diagnostic ? `${diagnostic.code} ${diagnostic.message}` : (problem ?? (signal ? `the worker was ended by ${signal}` : (spoken(errors) ?? `the worker ended with code ${code}`)));
      if (code === 0) resolve({ status: "done", why: null, seconds });
      else if (diagnostic?.code === "PT8105") resolve({ status: "locked", why, seconds });
      else resolve({ status: code === 3 && last === "interrupted" ? "interrupted" : "failed", why, seconds });
    };
    child.on("error", (error) => finish(null, null, `the worker could not be started: ${error.message}`));
    child.on("close", (code, signal) => finish(code, signal, null));
  });
  return { end, stop: () => void child.kill("SIGTERM") };
}

/** The command that runs a job from its folder or its plan. */
export const commandOf = ({ kind }: Job): "train" | "evaluate" => (kind === "evaluate" ? "evaluate" : "train");

/** What the command begins with. */
function writeJob(folder: string, job: Job, base: string): void {
  makeFolder(folder);
  if (job.kind === "evaluate") prepareEvaluation(folder, job.plan!);
  else prepareFolder(folder, job.plan!, null, null);
  const location = locationText(folder, base);
  writeAtomically(location.path, location.text);
}

function parseLine(line: string): WorkerEvent | { readonly diagnostics: readonly { severity: string; code: string; message: string }[] } | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as WorkerEvent) : null;
  } catch {
    return null;
  }
}

/** What was said last; of an error that nobody foresaw its message, without the places in the program that follow it. */
export function spoken(text: string): string | undefined {
  const lines = text.trim().split("\n").map((line) => line.trim());
  const frame = lines.findIndex((line) => /^at .*(:\d+:\d+\)?|\((native|<anonymous>|index \d+)\))$/.test(line));
  if (frame < 0) return lines.at(-1) || undefined;
  const message = lines.slice(0, frame);
  return message.slice(message.lastIndexOf("") + 1).join(" ") || undefined;
}
