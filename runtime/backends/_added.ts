// Backends that `pt backends add` fetched: where they lie, and what it noted of each once it had computed something on it.

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** `added.json` of a backend's folder: written last, so that its presence means a backend that worked. */
export interface Added {
  /** The recipe that laid the folder out; another one does not fit this version of the program. */
  readonly recipe: string;
  /** As `process.platform` and `process.arch`: a folder may be shared between machines. */
  readonly machine: string;
  readonly gpu: boolean;
}

export const machine = `${process.platform}-${process.arch}`;

/** Ptarmigan's own folder for what can be fetched again: `PT_BACKENDS` for backends, else in the user's cache. */
export function cacheFolder(): string {
  const { env, platform } = process;
  const own = env["XDG_CACHE_HOME"] || (platform === "win32" ? env["LOCALAPPDATA"] : platform === "darwin" ? join(homedir(), "Library/Caches") : undefined) || join(homedir(), ".cache");
  return join(own, "ptarmigan");
}

export function addedFolder(word: string): string {
  return join(process.env["PT_BACKENDS"] || join(cacheFolder(), "backends"), word);
}

/** What was added, or in words why there is nothing that can be used. `recipe` is what this version of the program expects. */
export function readAdded(word: string, recipe: string, cost: string): Added | string {
  const folder = addedFolder(word);
  const adds = `\`pt backends add ${word}\``;
  let added: Partial<Added>;
  try {
    added = JSON.parse(readFileSync(join(folder, "added.json"), "utf8")) as Partial<Added>;
  } catch {
    return existsSync(folder) ? `${folder} is not complete; ${adds} goes on with it` : `not added; ${adds} does it (${cost})`;
  }
  if (added.machine !== machine) return `${folder} was made for ${added.machine}, and this is ${machine}; PT_BACKENDS names another folder, and ${adds} fills it`;
  if (added.recipe !== recipe) return `${folder} is of another version of Ptarmigan; ${adds} makes it anew`;
  return added as Added;
}
