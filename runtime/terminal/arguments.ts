// A command line by the record of its command: arguments, flags, help.

import { Command, CommanderError, Option } from "commander";
import type { Args, CommandDefinition, ExitCode, Io } from "../commands/define.ts";

export type Read = { readonly args: Args } | { readonly exit: ExitCode };

/** Prints help, or what is wrong, and says with which code to end. */
export function readArguments(command: CommandDefinition, argv: readonly string[], io: Io): Read {
  const parser = parserOf(command);
  parser.configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text.replace(/^error: /, `pt ${command.word}: `)), getOutHasColors: () => io.color, getErrHasColors: () => io.color });
  try {
    parser.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exit: error.exitCode === 0 ? 0 : 2 };
  }
  return { args: argsOf(command, parser) };
}

function parserOf(command: CommandDefinition): Command {
  const parser = new Command(`pt ${command.word}`).description(command.summary).exitOverride().showSuggestionAfterError().allowExcessArguments(false);
  parser.helpOption("-h, --help", "this text").showHelpAfterError(`\`pt ${command.word} --help\` shows how it is used.`);
  for (const { name, doc, required, variadic } of command.arguments) {
    const text = `${name}${variadic ? "..." : ""}`;
    parser.argument(required ? `<${text}>` : `[${text}]`, doc);
  }
  for (const { name, value, variadic, repeated, doc } of command.flags) {
    const option = new Option(value === undefined ? name : `${name} <${value}${variadic ? "..." : ""}>`, doc);
    parser.addOption(repeated ? option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]) : option);
  }
  if (command.examples.length) parser.addHelpText("after", `\nExamples:\n${command.examples.map(({ line, does }) => `  ${line}\n      ${does}`).join("\n")}`);
  return parser;
}

function argsOf(command: CommandDefinition, parser: Command): Args {
  const values: Record<string, string | undefined> = {};
  const lists: Record<string, readonly string[]> = {};
  const on: Record<string, boolean> = {};
  command.arguments.forEach(({ name, variadic }, i) => {
    const given: unknown = parser.processedArgs[i];
    if (variadic) lists[name] = (given as string[] | undefined) ?? [];
    else values[name] = given as string | undefined;
  });
  for (const { name, value, variadic, repeated } of command.flags) {
    const given: unknown = parser.getOptionValue(new Option(name).attributeName());
    if (variadic || repeated) lists[name] = (given as string[] | undefined) ?? [];
    else if (value !== undefined) values[name] = given as string | undefined;
    else on[name] = given === true;
  }
  return { values, lists, on };
}
