// The contract of a command: what it is called, what it takes, and `run`, which never touches the process itself.

import type { Diagnostic } from "../../grammar/diagnostics/define.ts";

export interface CommandArgument {
  /** As help shows it: `FILE`. The key of `values` and `lists`. */
  readonly name: string;
  readonly doc: string;
  readonly required?: boolean;
  /** Takes all that follow: only the last argument, found in `lists`. */
  readonly variadic?: boolean;
}

export interface CommandFlag {
  /** With its dashes, and the key of `on`, `values` or `lists`: `--json`. */
  readonly name: `--${string}`;
  /** What it takes, as help shows it (`FILE`); without it the flag is on or off. */
  readonly value?: string;
  /** Takes all values that follow, up to the next flag, and may be repeated: found in `lists`. */
  readonly variadic?: boolean;
  /** Takes one value and may be repeated: found in `lists`. */
  readonly repeated?: boolean;
  readonly doc: string;
}

/** What was given. Every declared name is there: absent values are undefined, absent lists empty, absent switches false. */
export interface Args {
  /** Plain arguments (`values.FILE`) and flags with a value (`values["--out"]`). */
  readonly values: { readonly [name: string]: string | undefined };
  /** Variadic arguments and flags. */
  readonly lists: { readonly [name: string]: readonly string[] };
  /** Flags without a value: `on["--json"]`. */
  readonly on: { readonly [name: string]: boolean };
}

/** All that a command sees of the outside, so that tests run it in this process. */
export interface Io {
  /** Absolute; paths that were given are relative to it. */
  readonly cwd: string;
  readonly stdout: { write(text: string): void };
  readonly stderr: { write(text: string): void };
  /** Whether stderr is a terminal: only there is progress shown. */
  readonly isTerminal: boolean;
  /** Whether stdout and stderr take colour. */
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly env: { readonly [name: string]: string | undefined };
  /** The command line that starts this program again, before the command's word. */
  readonly program?: readonly string[];
  /** Aborted by SIGINT and SIGTERM: long work ends at the next whole step. */
  readonly signal: AbortSignal;
  /** What is kept if a second signal ends the process at once, as the end of a sentence. */
  readonly keeps?: (word: string) => void;
  /** All of standard input. */
  readonly stdin: () => Promise<Uint8Array>;
  /** The same as it comes, for input of any size; without it `stdin` is read whole. */
  readonly stdinChunks?: () => AsyncIterable<Uint8Array>;
}

export interface CommandDefinition {
  readonly word: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  readonly arguments: readonly CommandArgument[];
  readonly flags: readonly CommandFlag[];
  /** Whole command lines, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Resolves to the exit code. May throw `UserError`; anything else that is thrown is a bug. */
  readonly run: (args: Args, io: Io) => Promise<ExitCode>;
}

/** 0 success, 1 the input is at fault, 2 wrong usage, 3 the environment is at fault. */
export type ExitCode = 0 | 1 | 2 | 3;

export function defineCommand(definition: CommandDefinition): CommandDefinition {
  return definition;
}

/** The flag that every command with something to print has. */
export const jsonFlag: CommandFlag = { name: "--json", doc: "print one JSON document" };

/** Says what is wrong with the command line. */
export function wrongUsage(io: Io, message: string): ExitCode {
  io.stderr.write(`pt: ${message}\n`);
  return 2;
}

/** Backend, memory, disk, locks: nothing that the input could mend. */
const environment = /^PT(8001|8002|8020|8034|8101|8103|8105|8106)$/;

/** 0 without errors; 3 when all of them are of the environment. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter((item) => item.severity === "error");
  if (!errors.length) return 0;
  return errors.every((item) => environment.test(item.code)) ? 3 : 1;
}

/** One JSON document on standard output. */
export function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value)}\n`);
}
