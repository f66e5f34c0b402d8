// Pages of diagnostics for the terminal: loaded only when they are asked for.

import colors from "picocolors";
import { check } from "../../compiler/check.ts";
import { capital, exampleOf } from "../../compiler/reference.ts";
import { diagnostics } from "../../grammar/diagnostics/index.ts";
import type { DiagnosticRecord, Example } from "../../grammar/diagnostics/define.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { catalog } from "../catalog.ts";
import { printJson, wrongUsage, type ExitCode, type Io } from "../commands/define.ts";
import { fileHost } from "../host.ts";
import { printDiagnostics } from "./diagnostics.ts";
import { table } from "./table.ts";

const records = Object.values(diagnostics as unknown as Readonly<Record<string, DiagnosticRecord<never>>>);

export function listCodes(io: Io, json: boolean): ExitCode {
  if (json) printJson(io, { codes: records.map(({ code, slug, severity, title }) => ({ code, slug, severity, title: capital(title) })) });
  else io.stdout.write(`${table(records.map((record) => [record.code, capital(record.title) + (record.severity === "warning" ? " (warning)" : "")]))}\n`);
  return 0;
}

export function showCode(code: string, io: Io, json: boolean): ExitCode {
  const record = records.find((one) => one.code === code);
  if (!record) return wrongUsage(io, `there is no code \`${code}\`; ${didYouMean(code, records.map((one) => one.code)) ?? "`pt explain` lists all"}`);
  if (json) {
    const { slug, severity, title, page, failing, fixed } = record;
    printJson(io, { code, slug, severity, title: capital(title), page, failing: exampleOf(failing), fixed: exampleOf(fixed) });
    return 0;
  }
  const c = colors.createColors(io.color);
  io.stdout.write(`${c.bold(`${record.code}: ${capital(record.title)}`)}${record.severity === "warning" ? " (warning)" : ""}\n\n${record.page}\n\n`);
  example("This fails", record.failing, c.red, io);
  example("This passes", record.fixed, c.green, io);
  return 0;
}

function example(title: string, given: string | Example, paint: (text: string) => string, io: Io): void {
  const { files, command } = exampleOf(given);
  const c = colors.createColors(io.color);
  io.stdout.write(`${paint(title)}${command ? ` under \`pt ${command.join(" ")}\`` : ""}:\n\n`);
  for (const [name, text] of Object.entries(files)) {
    if (Object.keys(files).length > 1) io.stdout.write(`  ${c.dim(name)}\n`);
    const shown = text.startsWith("data:;base64,") || /[\u0000-\u0008]/.test(text) ? "(bytes that are no text)" : text.length > 3_000 ? `${text.slice(0, 300)}…` : text.trimEnd();
    io.stdout.write(`${shown.replace(/^/gm, "    ")}\n\n`);
  }
  if (!command && files["main.pt"] !== undefined && !files["main.pt"].startsWith("data:")) reported(files, io);
}

/** What `pt check main.pt` says about the files of an example. */
function reported(files: Readonly<Record<string, string>>, io: Io): void {
  const shipped = fileHost(io.cwd, "");
  const host = {
    read: (file: string) => (Object.hasOwn(files, file) ? { text: files[file] } : file.startsWith("ptarmigan/") ? shipped.read(file) : undefined),
    resolve: (from: string, specifier: string) => (specifier.startsWith("ptarmigan/") || specifier.startsWith("..") ? shipped.resolve(from, specifier) : { file: specifier.replace(/^\.\//, "") }),
  };
  const found = check(files["main.pt"], catalog, { file: "main.pt", host }).diagnostics;
  if (found.length) printDiagnostics(found, io.stdout, io, (file) => files[file]);
}
