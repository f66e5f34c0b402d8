// One process at a time trains into a folder: `.lock` says which. A lock of a process that is gone is taken over.

import { closeSync, fsyncSync, linkSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { runLocked } from "../../grammar/diagnostics/PT8105-run-locked.ts";
import { fileError, systemCode } from "../files/user-error.ts";
import { makeFolder, reporting } from "../files/write.ts";
import { isAlive, startOf } from "./process.ts";

export interface RunLock { readonly release: () => void }

interface Owner { readonly pid: number; readonly host: string; readonly started: string | null }

const attempts = 20;

/** Makes the folder where it is missing. Throws UserError (PT8105) while another live process, or this one, holds it. */
export function lockRun(folder: string): RunLock {
  makeFolder(folder);
  const path = join(folder, ".lock");
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid), token: uniqueName() });
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (create(path, mine)) {
      removeLeftovers(folder);
      return { release: () => release(path, mine) };
    }
    const text = read(path);
    // Gone between the two looks: try again.
    if (text === null) continue;
    const owner = parse(text);
    if (owner !== null && isHeld(owner)) throw fileError(runLocked, folder, { folder, process: owner.pid, host: owner.host, lock: path });
    takeAway(path, text);
  }
  const owner = parse(read(path) ?? "") ?? { pid: 0, host: "an unknown machine", started: null };
  throw fileError(runLocked, folder, { folder, process: owner.pid, host: owner.host, lock: path });
}

let names = 0;

function uniqueName(): string {
  return `${process.pid}-${startOf(process.pid) ?? "0"}-${threadId}-${names++}`;
}

/** The whole lock appears at once, or not at all: it is written beside and linked. */
function create(path: string, text: string): boolean {
  const beside = `${path}.${uniqueName()}.tmp`;
  return reporting(path, () => {
    try {
      const handle = openSync(beside, "wx");
      try {
        writeSync(handle, text);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      linkSync(beside, path);
      return true;
    } catch (error) {
      if (systemCode(error) === "EEXIST") return false;
      throw error;
    } finally {
      rmSync(beside, { force: true });
    }
  });
}

/** Moves a stale lock away. If another process took it over in between, its lock is put back. */
function takeAway(path: string, stale: string): void {
  const away = `${path}.${uniqueName()}.stale.tmp`;
  try {
    renameSync(path, away);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw error;
  }
  try {
    if (read(away) !== stale) linkSync(away, path);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  } finally {
    rmSync(away, { force: true });
  }
}

/** What processes that died while locking left beside the lock. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = /^\.lock\.(\d+)-.*\.tmp$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(folder, name), { force: true });
  }
}

function release(path: string, mine: string): void {
  if (read(path) === mine) rmSync(path, { force: true });
}

function isHeld(owner: Owner): boolean {
  // A process of another machine cannot be looked at; its lock stands.
  if (owner.host !== hostname()) return true;
  return isAlive(owner.pid) && (owner.started === null || owner.started === startOf(owner.pid));
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** Null for a lock that was cut short by a power failure: nobody can hold it. */
function parse(text: string): Owner | null {
  try {
    const owner = JSON.parse(text) as Partial<Owner>;
    return Number.isInteger(owner.pid) && typeof owner.host === "string" ? { pid: owner.pid!, host: owner.host, started: owner.started ?? null } : null;
  } catch {
    return null;
  }
}
