// Other programs that recipes call: npm, pip, the compiler. What they answer becomes a problem in words.

import { execFile } from "node:child_process";
import { systemCode } from "../../files/user-error.ts";
import { AddProblem } from "./define.ts";

export interface Called { readonly stdout: string; readonly stderr: string }

export interface CallOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  /** What to say when the program is not there. */
  readonly missing: () => AddProblem;
  /** What its failure means, where that is known better than by its output. */
  readonly explain?: (output: string) => AddProblem | null;
}

const offline = /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|NewConnectionError|ConnectTimeoutError|ProxyError|SSLError|Max retries exceeded|Temporary failure in name resolution|network is unreachable/i;
const noConnection: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN|name resolution/i, "its name was not found"],
  [/ECONNREFUSED|Connection refused/i, "the connection was refused"],
  [/TIMEDOUT|Timeout/i, "no answer came in time"],
  [/SSLError/i, "its certificate was not accepted"],
];
const full = /ENOSPC|No space left on device|Disk quota exceeded|EDQUOT/i;

/** Runs a program to its end. Throws AddProblem, or an AbortError once the signal is aborted. */
export function call(program: string, args: readonly string[], options: CallOptions): Promise<Called> {
  return new Promise((resolve, reject) => {
    options.signal.throwIfAborted();
    execFile(program, [...args], { cwd: options.cwd, signal: options.signal, maxBuffer: 1e8, env: { ...process.env, ...options.env }, shell: process.platform === "win32" }, (error, stdout, stderr) => {
      if (!error) return resolve({ stdout, stderr });
      if (error.name === "AbortError") return reject(error);
      if (systemCode(error) === "ENOENT") return reject(options.missing());
      reject(problemOf(program, `${stdout}\n${stderr}`, (error as { signal?: string }).signal ?? null, options));
    });
  });
}

function problemOf(program: string, output: string, killed: string | null, options: CallOptions): AddProblem {
  if (full.test(output)) return diskProblem(options.cwd);
  if (offline.test(output)) return new AddProblem(`\`${program}\` reached no package registry (${noConnection.find(([pattern]) => pattern.test(output))?.[1] ?? "no connection"})`, "check the connection (and the proxy, if there is one) and run the same command again: what was fetched is kept");
  return options.explain?.(output) ?? new AddProblem(`\`${program}\` failed${killed ? ` (${killed})` : ""}: ${lastLine(output, /error/i)}`, "mend that and run the same command again");
}

export function diskProblem(folder: string): AddProblem {
  return new AddProblem(`the disk of \`${folder}\` is full`, "free some space, or let PT_BACKENDS name a folder on another disk, and run the same command again");
}

/** The last line that says what is wrong, else the last line. */
function lastLine(output: string, wanted: RegExp): string {
  const lines = output.split("\n").map((line) => line.trim()).filter(Boolean);
  return (lines.findLast((line) => wanted.test(line)) ?? lines.at(-1) ?? "it said nothing").slice(0, 300);
}
