// The folder of a run: `runs/<name>-<hash8>/` with the plan, its text, the tokenizer, an account of the data, metrics and checkpoints.

import { closeSync, existsSync, fsyncSync, ftruncateSync, fstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../compiler/plan/schema.ts";
import { foreignFolder } from "../../grammar/diagnostics/PT8006-foreign-folder.ts";
import { fileError } from "../files/user-error.ts";
import { makeFolder, reporting, writeAtomically } from "../files/write.ts";

/** `small-1a2b3c4d`: the run's name and the beginning of its plan's hash. */
export function runName(plan: Pick<Plan, "name" | "hash">): string {
  return `${plan.name}-${plan.hash.slice(0, 8)}`;
}

export function runFolder(out: string, plan: Pick<Plan, "name" | "hash">): string {
  return join(out, runName(plan));
}

/** Writes plan, spec, tokenizer and what was read of the data (`data.json`) where they are not yet; null for what is not known yet. Throws UserError (PT8006) when another plan's run is there. */
export function prepareFolder(folder: string, plan: Plan, tokenizer: string | null, sources: readonly object[] | null = []): void {
  makeFolder(folder);
  const path = join(folder, "plan.json");
  const found = existsSync(path) ? hashIn(path) : null;
  if (found !== null && found !== plan.hash) throw fileError(foreignFolder, folder, { folder, found, expected: plan.hash });
  const writeOnce = (name: string, text: string): void => {
    if (!existsSync(join(folder, name))) writeAtomically(join(folder, name), text);
  };
  writeOnce("plan.json", `${JSON.stringify(plan)}\n`);
  writeOnce("spec.pt", plan.spec);
  if (tokenizer !== null) writeOnce("tokenizer.json", tokenizer);
  if (sources !== null) writeOnce("data.json", `${JSON.stringify({ sources }, null, 2)}\n`);
}

/** The hash in a plan's file; a file that is no plan counts as another run's. */
function hashIn(path: string): string {
  try {
    const { hash } = JSON.parse(readFileSync(path, "utf8")) as { hash?: unknown };
    return typeof hash === "string" ? hash : "unknown";
  } catch {
    return "unknown";
  }
}

/** A file of JSON lines such as `metrics.jsonl`: lines that depend on plan and data alone, so what is resumed writes the same bytes as what never stopped. */
export interface MetricsFile {
  append(line: object): void;
  /** On the disk up to here; what a checkpoint notes. */
  sync(): number;
  /** Cuts off what was written beyond a length, as when opening. */
  cut(length: number): void;
  close(): void;
}

/** Opens at a length in bytes; what an interrupted run wrote beyond it is cut off. */
export function openMetrics(folder: string, length: number, name = "metrics.jsonl"): MetricsFile {
  const path = join(folder, name);
  return reporting(path, () => {
    const file = openSync(path, existsSync(path) ? "r+" : "w+");
    let end = 0;
    const cut = (to: number): void => {
      end = Math.min(to, fstatSync(file).size);
      ftruncateSync(file, end);
    };
    cut(length);
    return {
      cut: (to) => reporting(path, () => cut(to)),
      append: (line) => reporting(path, () => {
        const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, end + done);
        end += bytes.length;
      }),
      sync: () => reporting(path, () => (fsyncSync(file), end)),
      close: () => closeSync(file),
    };
  });
}
