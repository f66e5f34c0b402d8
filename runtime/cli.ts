// The command line: finds the command, reads its arguments, runs it and answers for what goes wrong.

import type { CommandDefinition, ExitCode, Io } from "./commands/define.ts";
import { exitCodeOf } from "./commands/define.ts";
import { lazyCommands } from "./commands/_lazy.ts";
import { didYouMean } from "../grammar/nearest.ts";
import { UserError, systemCode } from "./files/user-error.ts";
import { version } from "./version.ts";

/** Runs one command line, without the process: `main(["check", "spec.pt"], io)`. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [word, ...rest] = argv;
  if (word === undefined || word === "--help" || word === "-h" || (word === "help" && !rest.length)) {
    (word === undefined ? io.stderr : io.stdout).write(overview());
    return word === undefined ? 2 : 0;
  }
  if (word === "--version" || word === "-V") {
    io.stdout.write(`${version}\n`);
    return 0;
  }
  const [name, args] = word === "help" ? [rest[0], ["--help"]] : [word, rest];
  if (!Object.hasOwn(lazyCommands, name)) {
    const hint = didYouMean(name.replace(/^-+/, ""), Object.keys(lazyCommands));
    io.stderr.write(`pt: there is no ${name.startsWith("-") ? `flag \`${name}\` before a command` : `command \`${name}\``}${hint ? `; ${hint}` : ""}\n\`pt --help\` lists the commands.\n`);
    return 2;
  }
  const command = await lazyCommands[name].load();
  return runCommand(command, args, io);
}

/** The same for a command at hand. */
export async function runCommand(command: CommandDefinition, argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const { readArguments } = await import("./terminal/arguments.ts");
    const read = readArguments(command, argv, io);
    return "exit" in read ? read.exit : await command.run(read.args, io);
  } catch (error) {
    return await failed(error, argv.includes("--json"), io);
  }
}

/** What the user can mend is a diagnostic; what the system refuses is the environment's; the rest is a bug. */
async function failed(error: unknown, json: boolean, io: Io): Promise<ExitCode> {
  if (error instanceof UserError) {
    const { plainDiagnostics, printDiagnostics } = await import("./terminal/diagnostics.ts");
    if (json) io.stdout.write(`${JSON.stringify({ diagnostics: plainDiagnostics(error.diagnostics) })}\n`);
    else printDiagnostics(error.diagnostics, io.stderr, io);
    return exitCodeOf(error.diagnostics) || 1;
  }
  if (io.signal.aborted && error instanceof Error && error.name === "AbortError") {
    io.stderr.write("pt: interrupted\n");
    return 3;
  }
  const code = systemCode(error);
  if (code && /^E[A-Z0-9]+$/.test(code)) {
    io.stderr.write(`pt: the system refused: ${(error as Error).message}\n`);
    return 3;
  }
  if (error instanceof RangeError && /allocation|Invalid (typed )?array( buffer)? length/i.test(error.message)) {
    io.stderr.write(`pt: out of memory: ${error.message}\n`);
    return 3;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`pt: this is a bug in Ptarmigan ${version}, not a mistake of yours. Please report it with what follows.\n\n${text}\n`);
  return 3;
}

function overview(): string {
  const words = Object.keys(lazyCommands);
  const width = Math.max(...words.map((word) => word.length));
  return `Ptarmigan: a small language for Transformer pretraining.

Usage: pt COMMAND …

Commands:
${words.map((word) => `  ${word.padEnd(width)}  ${lazyCommands[word].summary}`).join("\n")}

\`pt COMMAND --help\` says more about one; \`pt explain CODE\` about a diagnostic.
Exit codes: 0 success, 1 the input is at fault, 2 wrong usage, 3 the environment is at fault.
`;
}

/** Entry point of `bin/pt.mjs`. */
export async function start(): Promise<void> {
  const { processIo } = await import("./terminal/process-io.ts");
  process.exitCode = await main(process.argv.slice(2), processIo());
}
