// pt check FILE…: everything that is wrong with some files.

import { check as checkText } from "../../compiler/check.ts";
import { decode } from "../../grammar/decode.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { catalog } from "../catalog.ts";
import { applyFixes } from "../files/fixes.ts";
import { inputFiles } from "../files/inputs.ts";
import { writeAtomically } from "../files/write.ts";
import { fileHost, openSpec, type FileHost } from "../host.ts";
import { withImports } from "../runs/hosts.ts";
import { plainDiagnostics, plural, printDiagnostics, summaryOf, type TextOf } from "../terminal/diagnostics.ts";
import { defineCommand, exitCodeOf, jsonFlag, printJson, wrongUsage, type Io } from "./define.ts";

export const checkCommand = defineCommand({
  word: "check",
  summary: "Report everything that is wrong with files, before any data is read.",
  arguments: [{ name: "FILE", doc: "a `.pt` file, a folder of them, a pattern, or `-` for standard input", required: true, variadic: true }],
  flags: [{ name: "--fix", doc: "apply the fixes that diagnostics offer" }, jsonFlag],
  examples: [
    { line: "pt check spec.pt", does: "checks a file and what it imports" },
    { line: "pt check specs examples --json", does: "checks every .pt file of two folders, for a program to read" },
  ],
  run: async (args, io) => {
    const names = args.lists.FILE;
    if (names.includes(standardInput) && args.on["--fix"]) return wrongUsage(io, "`--fix` rewrites files, and standard input is none");
    const given = names.includes(standardInput) ? decode(await io.stdin(), standardInput) : null;
    const open: Open = (name) => (name === standardInput ? openText(given!, io.cwd) : openSpec(name, io.cwd));
    const inputs = await inputFiles(names, io.cwd);
    let fixed = 0;
    let checked = checkFiles(inputs.files, open, io);
    for (let round = 0; args.on["--fix"] && round < maximumRounds; round++) {
      const applied = fixFiles(inputs.files, checked, io);
      if (!applied) break;
      fixed += applied;
      checked = checkFiles(inputs.files, open, io);
    }
    const diagnostics = [...inputs.diagnostics, ...checked.diagnostics];
    if (args.on["--json"]) {
      printJson(io, { diagnostics: plainDiagnostics(diagnostics), ...(args.on["--fix"] ? { fixed } : {}) });
    } else {
      printDiagnostics(diagnostics, io.stdout, io, checked.textOf);
      io.stdout.write(`${fixed ? `fixed ${plural(fixed, "problem")}; ` : ""}${summaryOf(diagnostics, inputs.files.length)}\n`);
    }
    return exitCodeOf(diagnostics);
  },
});

/** Named where a file is: the text of standard input, whose imports are relative to the working directory. */
const standardInput = "-";

type Open = (name: string) => ReturnType<typeof openSpec>;

function openText(given: ReturnType<typeof decode>, cwd: string): ReturnType<typeof openSpec> {
  if (!("text" in given)) return given;
  const host = fileHost(cwd, standardInput);
  const read: FileHost["read"] = (file) => (file === standardInput ? { text: given.text } : host.read(file));
  return { file: standardInput, text: given.text, host: { ...host, read, textOf: (file) => (file === standardInput ? given.text : host.textOf(file)) } };
}

/** A fix may uncover what another one mends. */
const maximumRounds = 10;

interface CheckedFiles { readonly diagnostics: readonly Diagnostic[]; readonly textOf: TextOf; readonly hosts: ReadonlyMap<string, FileHost> }

/** Files that import each other are reported once. */
function checkFiles(files: readonly string[], open: Open, io: Io): CheckedFiles {
  const diagnostics = new Map<string, Diagnostic>();
  const hosts = new Map<string, FileHost>();
  const add = (diagnostic: Diagnostic): void => void diagnostics.set(JSON.stringify([diagnostic.code, diagnostic.file, diagnostic.start.offset, diagnostic.end.offset, diagnostic.message]), diagnostic);
  for (const name of files) {
    const opened = open(name);
    if ("diagnostic" in opened) {
      add(opened.diagnostic);
      continue;
    }
    const { file, text } = opened;
    const host = withImports(opened.host, io.cwd);
    hosts.set(name, host);
    checkText(text, catalog, { file, host }).diagnostics.forEach(add);
  }
  const textOf: TextOf = (file) => {
    for (const host of hosts.values()) {
      const text = host.textOf(file);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  return { diagnostics: [...diagnostics.values()], textOf, hosts };
}

/** Only files that were named are written; returns how many fixes were made. */
function fixFiles(files: readonly string[], { diagnostics, hosts }: CheckedFiles, io: Io): number {
  let count = 0;
  for (const name of files) {
    const opened = hosts.has(name) ? openSpec(name, io.cwd) : null;
    if (!opened || "diagnostic" in opened || opened.file.startsWith("ptarmigan/")) continue;
    const { file, text, host } = opened;
    const result = applyFixes(text, diagnostics.filter((item) => item.file === file));
    if (!result.applied) continue;
    writeAtomically(host.pathOf(file), result.text);
    count += result.applied;
  }
  return count;
}
