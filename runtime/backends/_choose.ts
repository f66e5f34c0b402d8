// The backend of a command that names none: the fastest that runs here.

import type { BackendDefinition } from "./define.ts";
import { backends } from "./index.ts";

/** Fastest first. */
const preference = ["native", "tensorflow", "wasm", "cpu"];

export async function chooseBackend(wanted: string | undefined): Promise<string> {
  if (wanted !== undefined) return wanted;
  const known: { readonly [word: string]: BackendDefinition } = backends;
  for (const word of preference) if (Object.hasOwn(known, word) && (await known[word].available()) === null) return word;
  return "cpu";
}
