// The process as an Io.

import type { Io } from "../commands/define.ts";

/** Standard streams, colour as NO_COLOR and FORCE_COLOR say, and SIGINT once a command asks for the signal. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) {
    // A reader that stops early (`pt … | head`) is no mistake.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  let controller: AbortController | null = null;
  let lastWord = "";
  let native: typeof import("../backends/native/_binding.ts") | null = null;
  return {
    cwd: process.cwd(),
    stdout: { write: (text) => void stdout.write(text) },
    stderr: { write: (text) => void stderr.write(text) },
    isTerminal: Boolean(stderr.isTTY),
    color: wantsColor(env, Boolean(stdout.isTTY && stderr.isTTY)),
    columns: stdout.columns ?? stderr.columns ?? 100,
    env,
    program: [process.execPath, ...process.execArgv, process.argv[1]],
    get signal() {
      if (!controller) {
        controller = interruptible(() => stderr.write(lastWord));
        // Commands that compute nothing never load it.
        void import("../backends/native/_binding.ts").then((loaded) => (native = loaded));
      }
      return controller.signal;
    },
    keeps(word) {
      if (!controller) return;
      lastWord = `\npt: ended at once: ${word}\n`;
      native?.endAtSecondSignal(lastWord);
    },
    stdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
    stdinChunks: () => process.stdin,
  };
}

/** See no-color.org; FORCE_COLOR is for pagers. */
export function wantsColor(env: Io["env"], terminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== "0") return true;
  return terminal && env.TERM !== "dumb";
}

/** The first SIGINT or SIGTERM asks the command to end; the second ends the process, once JavaScript hears of it. */
function interruptible(atOnce: () => void): AbortController {
  const controller = new AbortController();
  for (const [signal, number] of [["SIGINT", 2], ["SIGTERM", 15]] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) {
        atOnce();
        process.exit(128 + number);
      }
      controller.abort();
    });
  }
  // A worker whose ablation is gone saves and ends.
  if (process.channel) {
    process.channel.unref();
    process.on("disconnect", () => controller.abort());
  }
  return controller;
}
