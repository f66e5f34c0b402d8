// The backend of a command that names none: the fastest that runs here.

import type { Io } from "../commands/define.ts";
import type { BackendDefinition } from "./define.ts";
import { backends } from "./index.ts";

/** Fastest first. What was added by hand comes before what runs everywhere. */
const preference = ["native", "tensorflow", "wasm", "cpu"];

/** With `io` it says once what the lack of the fastest costs. */
export async function chooseBackend(wanted: string | undefined, io?: Io): Promise<string> {
  if (wanted !== undefined) return wanted;
  const known: { readonly [word: string]: BackendDefinition } = backends;
  const reasons: string[] = [];
  for (const word of preference) {
    const reason = await known[word].available();
    if (reason === null) {
      if (io && reasons.length) (await import("./_without-native.ts")).sayWithoutNative(word, reasons[0], io);
      return word;
    }
    reasons.push(reason);
  }
  return "cpu";
}
