// pt format FILE…: the canonical form of files.

import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { decode } from "../../grammar/decode.ts";
import { format } from "../../grammar/format.ts";
import { inputFiles } from "../files/inputs.ts";
import { writeAtomically } from "../files/write.ts";
import { openSpec } from "../host.ts";
import { plainDiagnostics, plural, printDiagnostics } from "../terminal/diagnostics.ts";
import { defineCommand, exitCodeOf, jsonFlag, printJson, wrongUsage, type Io } from "./define.ts";

interface Read { readonly file: string; readonly text: string; readonly path: string | null }
interface Formatted { readonly file: string; readonly changed: boolean; readonly text: string }

export const formatCommand = defineCommand({
  word: "format",
  summary: "Print files in their canonical form, or rewrite them.",
  arguments: [{ name: "FILE", doc: "a `.pt` file, a folder of them, a pattern, or `-` for standard input", required: true, variadic: true }],
  flags: [
    { name: "--check", doc: "only say which files are not in canonical form; exit code 1 if any" },
    { name: "--write", doc: "rewrite the files" },
    jsonFlag,
  ],
  examples: [
    { line: "pt format spec.pt", does: "prints the canonical form" },
    { line: "pt format --write specs", does: "rewrites every .pt file of a folder" },
    { line: "pt format - < spec.pt", does: "formats standard input" },
  ],
  run: async (args, io) => {
    const [check, write, json] = [args.on["--check"], args.on["--write"], args.on["--json"]];
    if (check && write) return wrongUsage(io, "`--check` and `--write` exclude each other");
    const inputs = await inputFiles(args.lists.FILE.filter((name) => name !== "-"), io.cwd);
    const diagnostics: Diagnostic[] = [...inputs.diagnostics];
    const texts = new Map<string, string>();
    const formatted: Formatted[] = [];
    for (const name of [...(args.lists.FILE.includes("-") ? ["-"] : []), ...inputs.files]) {
      const read = await readInput(name, io);
      if ("diagnostic" in read) {
        diagnostics.push(read.diagnostic);
        continue;
      }
      texts.set(read.file, read.text);
      const result = await format(read.text, read.file);
      if ("diagnostics" in result) {
        diagnostics.push(...result.diagnostics);
        continue;
      }
      const changed = result.text !== read.text;
      formatted.push({ file: read.file, changed, text: result.text });
      if (write && changed && read.path !== null) writeAtomically(read.path, result.text);
      if (!json && !check && (!write || read.path === null)) io.stdout.write(result.text);
    }
    const changed = formatted.filter((one) => one.changed);
    if (json) {
      printJson(io, { files: formatted.map((one) => ({ file: one.file, changed: one.changed, ...(check || write ? {} : { text: one.text }) })), diagnostics: plainDiagnostics(diagnostics) });
    } else {
      printDiagnostics(diagnostics, io.stderr, io, (file) => texts.get(file));
      if (check) io.stdout.write(changed.map((one) => `${one.file}\n`).join(""));
      if (check || write) io.stderr.write(check && !changed.length ? `${plural(formatted.length, "file")} in canonical form\n` : `${check ? "not in canonical form" : "rewritten"}: ${changed.length} of ${plural(formatted.length, "file")}\n`);
    }
    return exitCodeOf(diagnostics) || (check && changed.length ? 1 : 0);
  },
});

async function readInput(name: string, io: Io): Promise<Read | { readonly diagnostic: Diagnostic }> {
  if (name === "-") {
    const decoded = decode(await io.stdin(), "-");
    return "text" in decoded ? { file: "-", text: decoded.text, path: null } : decoded;
  }
  const opened = openSpec(name, io.cwd);
  return "diagnostic" in opened ? opened : { file: opened.file, text: opened.text, path: opened.host.pathOf(opened.file) };
}
