// Blocks as Markdown (GitHub's), with pictures as files beside it.

import type { Block, Inline } from "./_blocks.ts";
import { standalone } from "./_colors.ts";

export interface MarkdownDocument {
  readonly text: string;
  /** Pictures by their name. */
  readonly files: { readonly [name: string]: string };
}

/** `folder`: where the pictures will be, as links in the text have it. */
export function markdownOf(title: string, sections: readonly { readonly title: string; readonly blocks: readonly Block[] }[], folder: string): MarkdownDocument {
  const files: { [name: string]: string } = {};
  const write = (block: Block): string => {
    switch (block.kind) {
      case "text":
        return inlineText(block.text).trim();
      case "list":
        return block.items.map((item) => `- ${inlineText(item)}`).join("\n");
      case "heading":
        return `### ${escaped(block.text)}`;
      case "table":
        return tableText(block);
      case "figure":
        files[`${block.name}.svg`] = standalone(block.svg);
        return `![${escaped(block.alternative)}](${folder}/${block.name}.svg)\n\n*${escaped(block.caption)}*`;
      case "code":
        return fenced(block.text, block.language);
      case "details":
        return `<details><summary>${entities(block.summary)}</summary>\n\n${block.blocks.map(write).join("\n\n")}\n\n</details>`;
    }
  };
  const parts = sections.map((section) => `## ${escaped(section.title)}\n\n${section.blocks.map(write).join("\n\n")}`);
  return { text: `${[`# ${escaped(title)}`, ...parts].join("\n\n")}\n`, files };
}

function tableText({ caption, columns, rows }: Extract<Block, { kind: "table" }>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const bold = (cell: string, strong: boolean | undefined): string => (strong && cell.trim() ? `**${cell}**` : cell);
  const body = rows.flatMap(({ cells, strong, note }) => [
    line(cells.map((cell, i) => bold(escaped(cell), strong && i === 0))),
    ...(note ? [line([`↳ ${escaped(note)}`, ...columns.slice(1).map(() => "")])] : []),
  ]);
  return [...(caption ? [`*${escaped(caption)}*`, ""] : []), line(columns.map(({ title }) => escaped(title))), `|${columns.map(({ numeric }) => (numeric ? "---:" : "---")).join("|")}|`, ...body].join("\n");
}

function inlineText(parts: readonly Inline[]): string {
  return parts.map((part) => (typeof part === "string" ? escaped(part) : codeSpan(part.code))).join("");
}

/** A fence longer than any run of backticks in it. */
function codeSpan(value: string): string {
  const fence = "`".repeat(longestRun(value) + 1);
  const pad = /^`|`$/.test(value) ? " " : "";
  return `${fence}${pad}${value.replaceAll("|", "\\|").replaceAll("\n", " ")}${pad}${fence}`;
}

function fenced(value: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(value) + 1));
  return `${fence}${language}\n${value.replace(/\n$/, "")}\n${fence}`;
}

const longestRun = (value: string): number => Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));

/** Plain text: no sign of it is Markdown or HTML. Lines become spaces. A letter's neighbours `_` stay: GitHub takes them as text. */
export function escaped(value: string): string {
  return entities(value).replace(/[\\`*|~[\]]/g, "\\$&").replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\_").replace(/\s*\n\s*/g, " ").replace(/^(#+(?= )|[+-](?= )|\d+(?=[.)] ))/, (sign) => (/\d/.test(sign) ? `${sign}\\` : `\\${sign}`));
}

const entities = (value: string): string => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
