// pt explain: a diagnostic's page, a word of the language, or where a value of a spec comes from.

import type { Cause, Explanation, Passage } from "../../compiler/explain.ts";
import { explainPath } from "../../compiler/explain.ts";
import { entriesOf, signatureOf, type Entry } from "../../compiler/reference.ts";
import { vocabularyOf } from "../../compiler/phases/2-check/vocabulary.ts";
import { unknownName } from "../../grammar/diagnostics/PT2002-unknown-name.ts";
import { unknownField } from "../../grammar/diagnostics/PT3001-unknown-field.ts";
import { didYouMean, nearest } from "../../grammar/nearest.ts";
import colors from "picocolors";
import { catalog } from "../catalog.ts";
import { fileError } from "../files/user-error.ts";
import { frame } from "../terminal/frame.ts";
import { table } from "../terminal/table.ts";
import { defineCommand, jsonFlag, printJson, wrongUsage, type ExitCode, type Io } from "./define.ts";
import { openChecked, type Spec } from "./_spec.ts";

export const explainCommand = defineCommand({
  word: "explain",
  summary: "Explain a diagnostic's code, a word of the language, or where a value comes from.",
  arguments: [{ name: "WHAT", doc: "a code (PT3001), a word (cosine), or FILE:path.to.field; a list of codes without it" }],
  flags: [jsonFlag],
  examples: [
    { line: "pt explain PT3001", does: "shows the page of a diagnostic" },
    { line: "pt explain attention", does: "shows a word's parameters" },
    { line: "pt explain spec.pt:small.optimizer.lr", does: "says where a value comes from" },
  ],
  run: async (args, io) => {
    const what = args.values.WHAT;
    const json = args.on["--json"];
    if (what === undefined) return (await import("../terminal/pages.ts")).listCodes(io, json);
    if (/^pt\d{4}$/i.test(what)) return (await import("../terminal/pages.ts")).showCode(what.toUpperCase(), io, json);
    const colon = what.lastIndexOf(":");
    if (colon > 1) return explainValue(what.slice(0, colon), what.slice(colon + 1), io, json);
    if (what.endsWith(".pt")) return explainValue(what, "", io, json);
    return explainWord(what, io, json);
  },
});

function explainWord(word: string, io: Io, json: boolean): ExitCode {
  const entries = entriesOf(vocabularyOf(catalog));
  const found = entries.filter((entry) => entry.word === word);
  const within = entries.filter((entry) => entry.fields.some((field) => field.name === word || field.name.endsWith(`.${word}`)));
  if (!found.length && !within.length) {
    const near = nearest(word, entries.flatMap((entry) => [entry.word, ...entry.fields.map((field) => field.name)]));
    return wrongUsage(io, `\`${word}\` is neither a code, a word of the language nor FILE:path${near.length ? `; did you mean \`${near[0]}\`?` : ""}`);
  }
  const fieldsNamed = (entry: Entry) => entry.fields.filter((field) => field.name === word || field.name.endsWith(`.${word}`));
  if (json) {
    printJson(io, { words: found, parameter_of: within.map((entry) => ({ word: entry.word, kind: entry.kind, fields: fieldsNamed(entry) })) });
    return 0;
  }
  const c = colors.createColors(io.color);
  for (const entry of found) {
    io.stdout.write(`${c.bold(entry.kind === "declaration" || entry.kind === "unit" ? entry.word : signatureOf(entry))}  ${c.dim(entry.kind)}\n  ${entry.doc}\n`);
    if (entry.fields.length) io.stdout.write(`\n${table(entry.fields.map((field) => [field.name, field.doc, c.dim(`${field.type}${field.required ? ", required" : field.default === null ? "" : `; default ${field.default}`}`)]), { indent: "  " })}\n`);
    if (entry.example) io.stdout.write(`\n${entry.example.replace(/^/gm, "    ")}\n`);
    io.stdout.write("\n");
  }
  if (within.length) io.stdout.write(`${table(within.flatMap((entry) => fieldsNamed(entry).map((field) => [`${entry.word}${entry.kind === "declaration" ? "." : "("}${field.name}${entry.kind === "declaration" ? "" : ":)"}`, field.doc, c.dim(field.type)])))}\n`);
  return 0;
}

function explainValue(file: string, path: string, io: Io, json: boolean): ExitCode {
  const spec = openChecked(file, io);
  const names = path.split(".").filter((name) => name !== "");
  const explained = explainPath(spec.result, names);
  if ("unknown" in explained) {
    const { unknown, within, names: known } = explained;
    const suggestion = didYouMean(unknown, known);
    if (within === null) throw fileError(unknownName, file, { name: unknown, wanted: "a declaration of this file", suggestion: suggestion ?? `it declares ${list(known)}` });
    throw fileError(unknownField, file, { name: unknown, where: `\`${within}\``, suggestion, names: known });
  }
  if (json) printJson(io, explained.explanation);
  else io.stdout.write(explanationText(explained.explanation, spec, io));
  const errors = spec.result.diagnostics.filter((item) => item.severity === "error").length;
  if (errors && !json) io.stderr.write(`The file has errors (\`pt check ${file}\`); what they touch may be missing here.\n`);
  return 0;
}

const list = (names: readonly string[]): string => (names.length ? names.map((name) => `\`${name}\``).join(", ") : "nothing");

function explanationText({ path, value, doc, history, because, parts }: Explanation, spec: Spec, io: Io): string {
  const c = colors.createColors(io.color);
  const lines: string[] = [];
  if (path) lines.push(`${c.bold(path)}${value === null ? "" : ` = ${c.bold(value)}`}${doc ? `   ${c.dim(doc)}` : ""}`);
  const show = (passage: Passage, indent: string): void => {
    lines.push(`${indent}${passage.text}${passage.file ? ` ${c.cyan("-->")} ${passage.file}:${passage.start!.line}:${passage.start!.column}` : ""}`);
    const text = passage.file ? spec.host.textOf(passage.file) : undefined;
    if (text === undefined || !passage.start || passage.end!.line !== passage.start.line) return;
    lines.push(...frame(text, { start: passage.start, end: passage.end!, columns: io.columns - indent.length, style: { dim: c.dim, mark: c.cyan } }).map((line) => indent + line));
  };
  history.forEach((passage) => show(passage, "  "));
  const causes = (of: readonly Cause[], indent: string): void => {
    for (const cause of of) {
      lines.push(`${indent}where ${c.bold(cause.name)} = ${cause.value}`);
      cause.history.forEach((passage) => show(passage, `${indent}  `));
      causes(cause.because, `${indent}  `);
    }
  };
  causes(because, "  ");
  if (parts.length) {
    const room = Math.max(20, Math.min(io.columns, 140) - 50);
    lines.push(...(path ? [""] : []), table(parts.map((part) => [`${path ? "." : ""}${part.name}`, part.value.length > room ? `${part.value.slice(0, room - 1)}…` : part.value, c.dim(whereText(part.from))]), { indent: "  " }));
  }
  return `${lines.join("\n")}\n`;
}

function whereText(passage: Passage | null): string {
  if (!passage) return "";
  return passage.file ? `${passage.text}, ${passage.file}:${passage.start!.line}:${passage.start!.column}` : passage.text;
}
