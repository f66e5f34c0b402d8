// Says once on a machine, for each reason, that training goes slower than it could, and how to mend it.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Io } from "../commands/define.ts";
import { writeAtomically, makeFolder } from "../files/write.ts";
import { version } from "../version.ts";
import { cacheFolder } from "./_added.ts";

/**
 * How much longer a training step takes than on `native` with two threads, measured on examples/novel (1.33 M parameters): 3.4 k tokens/s
 * on wasm beside 14 k on an idle machine; cpu takes 15 times the processor time of wasm.
 */
const slower: { readonly [word: string]: string } = { wasm: "about 4 times slower", cpu: "about 60 times slower" };

export function sayWithoutNative(word: string, reason: string, io: Io): void {
  if (!Object.hasOwn(slower, word)) return;
  const marker = join(cacheFolder(), `said-without-native-${version}-${word}-${createHash("sha256").update(reason).digest("hex").slice(0, 8)}`);
  if (existsSync(marker)) return;
  io.stderr.write(`pt: this runs on \`${word}\`, ${slower[word]} than on \`native\`: ${reason}\n    (a C++ compiler is all that it needs: the package g++ of Debian and Ubuntu, the command line tools of macOS; this is said once)\n`);
  try {
    makeFolder(cacheFolder());
    writeAtomically(marker, "");
  } catch {
    // Where nothing can be noted it is said again.
  }
}
