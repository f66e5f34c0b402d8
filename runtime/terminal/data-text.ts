// What a data source holds, as text.

import pc from "picocolors";
import type { ColumnValue } from "../columns/define.ts";
import type { SourceAccount } from "../data/account.ts";
import type { CleaningReport } from "../data/clean.ts";
import { callText } from "../data/clean.ts";
import { namesOfSource } from "../../compiler/plan/source.ts";
import type { Io } from "../commands/define.ts";
import { imagePicture } from "./image-picture.ts";
import { exact } from "./numbers.ts";
import { table } from "./table.ts";

const longest = 100;

export function accountText(account: SourceAccount, mixed: boolean, io: Pick<Io, "color">): string {
  const { dim } = pc.createColors(io.color);
  const { source, part, malformed, cleaning } = { ...account, part: account.source.part };
  const of = source.kind === "synthetic" ? callText(source.generator) : `${exact(account.files)} ${account.files === 1 ? "file" : "files"} of ${namesOfSource(source).join(", ")}, format ${source.format}`;
  const rows: [string, string][] = [
    ["data", `${account.name}${part === null ? "" : `.${part}`}${mixed ? `, ${Number((100 * account.share).toPrecision(6))}% of the examples` : ""}`],
    ["from", of],
    ["documents", part === null ? exact(account.documents) : `${exact(account.examples)} of ${exact(account.documents)}`],
    ...(malformed.count > 0 ? [["malformed", `${exact(malformed.count)} of ${exact(malformed.rows)} rows, left out: ${malformed.first.join("; ")}`] as [string, string]] : []),
    ...Object.entries(account.labels).map(([column, labels]): [string, string] => [column, `${labels.length} classes: ${labels.map(({ label, count }, id) => `${id} ${label} (${exact(count)})`).join(", ")}`]),
  ];
  const examples = account.first.map(({ file, line, values }) => `${dim(`${file}:${line}`)}\n${table(Object.entries(values).map(([name, value]) => [name, shownValue(value)]), { indent: "  " })}${Object.values(values).map((value) => pictureText(value, io)).join("")}`);
  return [table(rows), ...(cleaning ? [cleaningText(cleaning, dim)] : []), ...examples].join("\n\n") + "\n";
}

/** What each rule removed of what the rules before it had left, with examples. */
function cleaningText({ documents, characters, rules }: CleaningReport, dim: (text: string) => string): string {
  const share = (part: number, whole: number): string => (whole === 0 ? "0%" : `${((100 * part) / whole).toFixed(1)}%`);
  const head = ["rule of cleaning", "documents", "lines", "characters", ""];
  const rows = rules.map((rule) => [rule.rule, exact(rule.documents), exact(rule.lines), exact(rule.characters), share(rule.characters, characters.before)]);
  const sum = `${exact(documents.after)} of ${exact(documents.before)} documents are left, with ${share(characters.after, characters.before)} of the characters`;
  const examples = rules.flatMap(({ rule, examples: list }) => list.slice(0, 2).map(({ file, line, text }) => [rule, dim(`${file}:${line}`), shownValue(text)]));
  return `${table([head, ...rows], { right: [1, 2, 3, 4] })}\n${sum}${examples.length > 0 ? `\n\nremoved, for example\n${table(examples, { indent: "  " })}` : ""}`;
}

/** Pixels as a picture below the row's values. */
function pictureText(value: ColumnValue, { color }: Pick<Io, "color">): string {
  if (typeof value !== "object" || !("height" in value)) return "";
  const { height, width, channels, data } = value;
  const at = (channel: number, row: number, column: number): number => data[(row * width + column) * channels + channel] / 255;
  return `\n${imagePicture({ channels, height, width, at }, { color }).map((line) => `  ${line}`).join("\n")}`;
}

function shownValue(value: ColumnValue): string {
  const text = typeof value === "object" && "height" in value ? `image, ${value.height} × ${value.width} × ${value.channels}, mean ${(value.data.reduce((sum, byte) => sum + byte, 0) / value.data.length).toFixed(1)}` : Array.isArray(value) ? value.join(" ") : String(value);
  const line = text.replace(/\s*\n\s*/g, " ⏎ ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
