// Adds a backend by its recipe: each step once, whatever was interrupted before; `added.json` at the end.

import { existsSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { backendNotAdded } from "../../../grammar/diagnostics/PT8020-backend-not-added.ts";
import { runLocked } from "../../../grammar/diagnostics/PT8105-run-locked.ts";
import { lockRun, type RunLock } from "../../checkpoints/lock.ts";
import { fileError, systemCode, UserError } from "../../files/user-error.ts";
import { writeAtomically } from "../../files/write.ts";
import type { Added } from "../_added.ts";
import { addedFolder, machine } from "../_added.ts";
import type { Recipe } from "./define.ts";
import { AddProblem } from "./define.ts";
import { diskProblem } from "./programs.ts";

export interface AddOptions {
  readonly gpu: boolean;
  readonly signal: AbortSignal;
  /** A step begins, is going on, or has ended. */
  readonly progress: (event: { readonly step: number; readonly steps: number; readonly title: string; readonly state: "begun" | "going on" | "done" | "done before"; readonly text?: string; readonly seconds?: number }) => void;
}

/** Gives the folder. Throws UserError (PT8020), or an AbortError when interrupted. */
export async function addBackend(recipe: Recipe, options: AddOptions): Promise<string> {
  const folder = addedFolder(recipe.word);
  const failed = (problem: AddProblem) => fileError(backendNotAdded, folder, { backend: recipe.word, problem: problem.message, help: problem.help });
  const impossible = recipe.impossible();
  if (impossible !== null) throw failed(new AddProblem(impossible, "`pt backends` lists what runs here"));
  if (options.gpu && !recipe.gpu) throw failed(new AddProblem("it has no variant for `--gpu`", `\`pt backends add ${recipe.word}\` uses a graphics card by itself where there is one`));
  const lock = lockFolder(folder, failed);
  try {
    await runSteps(recipe, folder, options);
    return folder;
  } catch (error) {
    if (error instanceof AddProblem) throw failed(error);
    if (["ENOSPC", "EDQUOT"].includes(systemCode(error) ?? "")) throw failed(diskProblem(folder));
    throw error;
  } finally {
    lock.release();
  }
}

function lockFolder(folder: string, failed: (problem: AddProblem) => UserError): RunLock {
  try {
    return lockRun(folder);
  } catch (error) {
    if (!(error instanceof UserError) || error.diagnostics[0].code !== runLocked.code) throw error;
    throw failed(new AddProblem("another process is adding it", `wait for it; if it is gone for certain, remove \`${join(folder, ".lock")}\``));
  }
}

/** `steps.json`: how many steps are done, and by which recipe. */
interface Progress { readonly key: string; readonly done: number }

async function runSteps(recipe: Recipe, folder: string, { gpu, signal, progress }: AddOptions): Promise<void> {
  const steps = recipe.steps(gpu);
  const key = `${recipe.version} ${machine}${gpu ? " gpu" : ""}`;
  const state = join(folder, "steps.json");
  const before = readProgress(state);
  let done = before?.key === key && before.done <= steps.length ? before.done : 0;
  // What an earlier step made and somebody took away is made again, with all that follows.
  const gone = steps.findIndex(({ makes, temporary }, index) => index < done && !(temporary && index + 1 < done) && !makes.every((path) => existsSync(join(folder, path))));
  if (gone !== -1) done = gone;
  // The last step tries the backend: it runs every time.
  done = Math.min(done, steps.length - 1);
  if (done === 0) checkSpace(folder, recipe.space(gpu));
  const remove = (paths: readonly string[]): void => paths.forEach((path) => rmSync(join(folder, path), { recursive: true, force: true }));
  remove(["added.json"]);
  for (const [index, { title, run }] of steps.entries()) {
    const event = { step: index + 1, steps: steps.length, title };
    if (index < done) {
      progress({ ...event, state: "done before" });
      continue;
    }
    signal.throwIfAborted();
    progress({ ...event, state: "begun" });
    const began = performance.now();
    // Steps that follow are undone too: they stand on this one.
    remove(steps.slice(index).flatMap(({ makes: later }) => later));
    writeAtomically(state, JSON.stringify({ key, done: index } satisfies Progress));
    await run({ folder, gpu, signal, show: (text) => progress({ ...event, state: "going on", text }) });
    writeAtomically(state, JSON.stringify({ key, done: index + 1 } satisfies Progress));
    if (index > 0 && steps[index - 1].temporary) remove(steps[index - 1].makes);
    progress({ ...event, state: "done", seconds: (performance.now() - began) / 1000 });
  }
  writeAtomically(join(folder, "added.json"), `${JSON.stringify({ recipe: recipe.version, machine, gpu } satisfies Added)}\n`);
}

function readProgress(path: string): Progress | null {
  try {
    const progress = JSON.parse(readFileSync(path, "utf8")) as Partial<Progress>;
    return typeof progress.key === "string" && Number.isInteger(progress.done) ? (progress as Progress) : null;
  } catch {
    return null;
  }
}

function checkSpace(folder: string, needed: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  if (free < needed) throw new AddProblem(`it needs ${gigabytes(needed)}, and the disk of \`${folder}\` has ${gigabytes(free)} left`, "free some space, or let PT_BACKENDS name a folder on another disk");
}
