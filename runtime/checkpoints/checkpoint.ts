// Checkpoints of a run: `checkpoints/step-000500/{weights,optimizer}.safetensors` and `state.json`, which is written last and
// holds the sha256 of everything, its own text included. A folder gets its name only when all of it is on the disk.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { damagedCheckpoint } from "../../grammar/diagnostics/PT8103-damaged-checkpoint.ts";
import { noWholeCheckpoint } from "../../grammar/diagnostics/PT8104-no-whole-checkpoint.ts";
import { sha256File } from "../files/text.ts";
import { UserError, fileDiagnostic, fileError } from "../files/user-error.ts";
import { makeFolder, reporting, syncFolder, writeDurably } from "../files/write.ts";
import { isAlive } from "./process.ts";
import { readSafetensors, safetensorsBytes } from "./safetensors.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import type { Written } from "../files/write.ts";
import type { SavedTensor } from "./safetensors.ts";

export interface CheckpointTensor { readonly shape: readonly number[]; readonly data: Float32Array }

/** JSON values only. `best_step` (number or null) is what `best` loads and what is never removed. `step`, `files` and `sha256` are added here. */
export type CheckpointState = { readonly [name: string]: unknown };

export interface CheckpointContent {
  readonly weights: ReadonlyMap<string, CheckpointTensor>;
  readonly optimizer: ReadonlyMap<string, CheckpointTensor>;
  readonly state: CheckpointState;
}

export interface CheckpointEntry { readonly step: number; readonly folder: string }

export interface LoadedCheckpoint extends CheckpointContent {
  readonly step: number;
  readonly folder: string;
  /** One PT8103 for each damaged checkpoint that was passed over. */
  readonly warnings: readonly Diagnostic[];
}

const tensorFiles = ["weights.safetensors", "optimizer.safetensors"] as const;

/**
 * Saves and returns the checkpoint's folder, then removes those beyond the newest `keep` (never the best, never this one)
 * and what dead processes left unfinished. A crash at any instant leaves every checkpoint that was whole before, or its
 * replacement. Throws UserError (PT8101 full disk, PT8106), with what was unfinished removed.
 */
export async function saveCheckpoint(runFolder: string, step: number, content: CheckpointContent, { keep }: { keep: number }): Promise<string> {
  const parent = join(runFolder, "checkpoints");
  makeFolder(parent);
  const name = nameOf(step);
  const folder = join(parent, name);
  const temporary = join(parent, `.${name}.${process.pid}.tmp`);
  reporting(folder, () => {
    try {
      rmSync(temporary, { recursive: true, force: true });
      mkdirSync(temporary);
      const files: Record<string, Written> = {};
      for (const [file, tensors] of [[tensorFiles[0], content.weights], [tensorFiles[1], content.optimizer]] as const) files[file] = writeDurably(join(temporary, file), safetensorsBytes(asSaved(tensors)));
      writeDurably(join(temporary, "state.json"), stateText({ ...content.state, step, files }));
      syncFolder(temporary);
      // A folder of this step can only be replaced by moving it away first; until the next line has run, `.old` counts as it.
      const old = join(parent, `.${name}.${process.pid}.old`);
      if (existsSync(folder)) {
        rmSync(old, { recursive: true, force: true });
        renameSync(folder, old);
      }
      renameSync(temporary, folder);
      syncFolder(parent);
      rmSync(old, { recursive: true, force: true });
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
  });
  const best = content.state.best_step;
  removeBeyond(parent, keep, new Set([step, ...(typeof best === "number" ? [best] : [])]));
  removeLeftovers(parent);
  return folder;
}

/** Checkpoints of a run by ascending step; whether they are whole shows when they are loaded. */
export function listCheckpoints(runFolder: string): CheckpointEntry[] {
  const parent = join(runFolder, "checkpoints");
  const found = new Map<number, CheckpointEntry>();
  for (const name of namesIn(parent)) {
    const match = /^(?:step-(\d+)|\.step-(\d+)\.\d+\.old)$/.exec(name);
    if (match === null) continue;
    const step = Number(match[1] ?? match[2]);
    // What stood for this step before counts only where the replacement did not arrive.
    if (match[1] !== undefined || !found.has(step)) found.set(step, { step, folder: join(parent, name) });
  }
  return [...found.values()].sort((a, b) => a.step - b.step);
}

/**
 * Loads a checkpoint after comparing every sha256. `last` passes over damaged ones with a warning each; `best` and a step do not.
 * Null where `last` is wanted of a run that has none. Throws UserError (PT8104).
 */
export async function loadCheckpoint(runFolder: string, which: "last" | "best" | number): Promise<LoadedCheckpoint | null> {
  const entries = listCheckpoints(runFolder);
  if (which === "last") return entries.length === 0 ? null : loadLast(runFolder, entries);
  const fail = (reason: string): never => {
    throw fileError(noWholeCheckpoint, runFolder, { folder: runFolder, which: which === "best" ? "best" : nameOf(which), reason, steps: entries.map((entry) => entry.step) });
  };
  const step = which === "best" ? bestStep(entries) : which;
  if (step === null) return fail(entries.length === 0 ? "the run has no checkpoint" : "no evaluation has named one");
  const entry = entries.find((item) => item.step === step);
  if (entry === undefined) return fail(`there is no checkpoint of step ${step}`);
  const loaded = await load(entry);
  return typeof loaded === "string" ? fail(`that of step ${step} is damaged (${loaded})`) : { ...loaded, warnings: [] };
}

async function loadLast(runFolder: string, entries: readonly CheckpointEntry[]): Promise<LoadedCheckpoint> {
  const damaged: { folder: string; reason: string }[] = [];
  for (const entry of entries.toReversed()) {
    const loaded = await load(entry);
    if (typeof loaded !== "string") {
      return { ...loaded, warnings: damaged.map((item) => fileDiagnostic(damagedCheckpoint, item.folder, { ...item, instead: entry.folder })) };
    }
    damaged.push({ folder: entry.folder, reason: loaded });
  }
  throw fileError(noWholeCheckpoint, runFolder, { folder: runFolder, which: "whole", reason: damaged.map((item) => `${item.folder}: ${item.reason}`).join("; "), steps: [] });
}

/** The checkpoint, or what is wrong with it. */
async function load({ step, folder }: CheckpointEntry): Promise<Omit<LoadedCheckpoint, "warnings"> | string> {
  const state = readState(folder);
  if (state === null) return "`state.json` is missing or damaged";
  if (state.step !== step) return `\`state.json\` is of step ${String(state.step)}`;
  const tensors: Map<string, CheckpointTensor>[] = [];
  for (const file of tensorFiles) {
    const path = join(folder, file);
    const expected = (state.files as Record<string, Written | undefined>)[file]?.sha256;
    if (!existsSync(path)) return `\`${file}\` is missing`;
    try {
      if ((await sha256File(path)) !== expected) return `\`${file}\` is not what was saved`;
      tensors.push(asFloat(await readSafetensors(path)));
    } catch (error) {
      if (error instanceof UserError) return error.diagnostics[0].message;
      return `\`${file}\` cannot be read`;
    }
  }
  const { files: _files, sha256: _sha256, ...rest } = state;
  return { step, folder, weights: tensors[0], optimizer: tensors[1], state: rest };
}

/** What the newest readable state calls the best. */
function bestStep(entries: readonly CheckpointEntry[]): number | null {
  for (const entry of entries.toReversed()) {
    const state = readState(entry.folder);
    if (state !== null) return typeof state.best_step === "number" ? state.best_step : null;
  }
  return null;
}

function stateText(state: CheckpointState): string {
  const { sha256: _sha256, ...rest } = state;
  return `${JSON.stringify({ ...rest, sha256: hashOf(rest) }, null, 2)}\n`;
}

/** The state if its own sha256 is right, else null. Parsing keeps the order of keys, so the text that was hashed comes back. */
function readState(folder: string): CheckpointState | null {
  try {
    const { sha256, ...rest } = JSON.parse(readFileSync(join(folder, "state.json"), "utf8")) as Record<string, unknown>;
    return sha256 === hashOf(rest) && typeof rest.files === "object" && rest.files !== null ? { ...rest, sha256 } : null;
  } catch {
    return null;
  }
}

function hashOf(state: CheckpointState): string {
  return createHash("sha256").update(JSON.stringify(state)).digest("hex");
}

function removeBeyond(parent: string, keep: number, kept: ReadonlySet<number>): void {
  const steps = namesIn(parent).flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? []).map(Number).sort((a, b) => b - a);
  for (const step of steps.slice(Math.max(1, keep))) {
    if (kept.has(step)) continue;
    // Renamed first: a removal that is cut short must not look like a damaged checkpoint.
    const away = join(parent, `.${nameOf(step)}.${process.pid}.tmp`);
    reporting(parent, () => {
      renameSync(join(parent, nameOf(step)), away);
      rmSync(away, { recursive: true, force: true });
    });
  }
}

/** Unfinished folders of processes that are gone, and what they moved away where its replacement has arrived. */
function removeLeftovers(parent: string): void {
  const names = new Set(namesIn(parent));
  for (const name of names) {
    const match = /^\.(step-\d+)\.(\d+)\.(tmp|old)$/.exec(name);
    if (match === null) continue;
    const owner = Number(match[2]);
    if (owner !== process.pid && isAlive(owner)) continue;
    if (match[3] === "tmp" || names.has(match[1])) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function nameOf(step: number): string {
  return `step-${String(step).padStart(6, "0")}`;
}

function asSaved(tensors: ReadonlyMap<string, CheckpointTensor>): Map<string, SavedTensor> {
  return new Map([...tensors].map(([name, { shape, data }]) => [name, { dtype: "F32", shape, data }]));
}

function asFloat(tensors: ReadonlyMap<string, SavedTensor>): Map<string, CheckpointTensor> {
  return new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]));
}
