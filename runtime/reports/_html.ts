// Blocks as one HTML page that needs nothing else: style and pictures inside, a table of contents, light and dark, narrow and printed.

import type { Block, Inline } from "./_blocks.ts";
import { css } from "./_style.ts";

export interface PageSection { readonly title: string; readonly blocks: readonly Block[] }

export function pageOf(title: string, subtitle: string, sections: readonly PageSection[]): string {
  const ids = sections.map((section, i) => `${i + 1}-${section.title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`);
  const contents = sections.map((section, i) => `<li><a href="#${ids[i]}">${entities(section.title)}</a></li>`).join("");
  const body = sections.map((section, i) => `<section id="${ids[i]}" aria-labelledby="${ids[i]}-title">\n<h2 id="${ids[i]}-title">${entities(section.title)}</h2>\n${section.blocks.map(blockHtml).join("\n")}\n</section>`).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${entities(title)}</title>
<style>${css}</style>
</head>
<body>
<main>
<header>
<h1>${entities(title)}</h1>
<p class="subtitle">${entities(subtitle)}</p>
</header>
${sections.length > 1 ? `<nav aria-label="Contents"><h2>Contents</h2><ol>${contents}</ol></nav>\n` : ""}${body}
</main>
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "text":
      return `<p>${inlineHtml(block.text)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${inlineHtml(item)}</li>`).join("")}</ul>`;
    case "heading":
      return `<h3>${entities(block.text)}</h3>`;
    case "table":
      return tableHtml(block);
    case "figure": {
      const svg = block.svg.replace(/^<\?xml[^>]*>\s*/, "").replace(/^<svg /, `<svg role="img" aria-label="${entities(block.alternative)}" `);
      // A role and a name of its own are the picture's already.
      return `<figure${block.narrow ? ' class="narrow"' : ""}><div class="scroll" tabindex="0" role="group" aria-label="${entities(block.caption)}">${once(svg)}</div><figcaption>${entities(block.caption)}</figcaption></figure>`;
    }
    case "code":
      return `<pre tabindex="0"><code>${entities(block.text.replace(/\n$/, ""))}</code></pre>`;
    case "details":
      return `<details><summary>${entities(block.summary)}</summary>${block.blocks.map(blockHtml).join("\n")}</details>`;
  }
}

/** The first of an attribute that an SVG's tag has twice. */
function once(svg: string): string {
  return svg.replace(/^<svg [^>]*>/, (tag) => {
    const seen = new Set<string>();
    return tag.replace(/ ([a-z:-]+)="[^"]*"/gi, (attribute, name: string) => (seen.has(name) ? "" : (seen.add(name), attribute)));
  });
}

function tableHtml({ caption, columns, rows }: Extract<Block, { kind: "table" }>): string {
  const numeric = (i: number): string => (columns[i].numeric ? ' class="number"' : "");
  const head = columns.map(({ title }, i) => `<th scope="col"${numeric(i)}>${entities(title)}</th>`).join("");
  const body = rows.map(({ cells, strong, note }) => {
    const line = cells.map((cell, i) => (i === 0 ? `<th scope="row"${numeric(0)}>${entities(cell)}</th>` : `<td${numeric(i)}>${entities(cell)}</td>`)).join("");
    return `<tr${strong ? ' class="strong"' : ""}>${line}</tr>${note ? `<tr class="note"><td colspan="${columns.length}"><span>${entities(note)}</span></td></tr>` : ""}`;
  }).join("\n");
  return `<div class="scroll" tabindex="0" role="group" aria-label="${entities(caption || columns[0].title)}"><table>${caption ? `<caption><span>${entities(caption)}</span></caption>` : ""}${columns.some(({ title }) => title) ? `<thead><tr>${head}</tr></thead>` : ""}<tbody>\n${body}\n</tbody></table></div>`;
}

const inlineHtml = (parts: readonly Inline[]): string => parts.map((part) => (typeof part === "string" ? entities(part) : `<code>${entities(part.code)}</code>`)).join("");

export const entities = (value: string): string => value.replace(/[&<>"']/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[sign]!);
