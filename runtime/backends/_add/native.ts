// native: what `npm ci` does, again: compiles the kernels into the package's own folder.

import { join } from "node:path";
import { packageFolder } from "../native/_binding.ts";
import { AddProblem } from "./define.ts";
import { call } from "./programs.ts";

/** Gives the file. Throws AddProblem, or an AbortError when interrupted. */
export async function buildNative(signal: AbortSignal): Promise<string> {
  const folder = packageFolder()!;
  await call(process.execPath, [join(folder, "runtime/backends/native/build.mjs"), "--force", "--strict"], {
    cwd: folder, signal,
    missing: () => new AddProblem("Node could not be started", "run the same command again"),
    explain: (output) => new AddProblem(output.trim().split("\n")[0].replace(/^ptarmigan: /, ""), "install g++ or clang++ (the package g++ of Debian and Ubuntu, the command line tools of macOS) and run the same command again; until then `wasm` is used"),
  });
  return join(folder, "build/Release/ptarmigan.node");
}
