// A mask as SVG: a square for each pair that it allows, the positions along both sides, where the prefix and the documents end.

import type { MaskPicture } from "./mask-picture.ts";
import { countsText, notesOf } from "./mask-picture.ts";

const [left, top, side] = [44, 84, 480];

export type MaskColors = { readonly [part in "text" | "title" | "ground" | "cells" | "allowed" | "lines" | "ends" | "edge"]: string };

const plain: MaskColors = { text: "#444", title: "#111", ground: "#fff", cells: "#f2f4f7", allowed: "#2563eb", lines: "#fff", ends: "#d97706", edge: "#98a2b3" };

/** `title` is the mask's text, `className` its class. */
export function maskSvg(picture: MaskPicture, title: string, className: string, colors: MaskColors = plain): string {
  const { positions, prefix, documents, rows, counts } = picture;
  const cell = side / positions;
  const at = (position: number): string => String(Number((position * cell).toFixed(2)));
  // One path: a run of allowed keys of a query is a rectangle.
  const runs = rows.flatMap((row, query) => [...row.matchAll(/(?:██)+/g)].map((run) => `M${at(run.index / 2)} ${at(query)}h${at(run[0].length / 2)}v${at(1)}h-${at(run[0].length / 2)}z`));
  const every = [1, 2, 4, 8, 16].find((step) => positions / step <= 16) ?? 16;
  const ticks = Array.from({ length: Math.ceil(positions / every) }, (_, i) => i * every);
  const grid = positions <= 64 ? Array.from({ length: positions - 1 }, (_, i) => `M${at(i + 1)} 0v${side}M0 ${at(i + 1)}h${side}`).join("") : "";
  const ends = documents ? documents.slice(0, -1).map((_, i) => documents.slice(0, i + 1).reduce((sum, length) => sum + length, 0)) : [];
  const dashed = [...ends.map((end) => `M${at(end)} 0v${side}M0 ${at(end)}h${side}`), ...(prefix !== null && prefix > 0 && prefix < positions ? [`M${at(prefix)} 0v${side}`] : [])].join("");
  const width = left + side + 20;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top + side + 20}" width="${width}" height="${top + side + 20}" role="img" font-family="system-ui, sans-serif" font-size="11" fill="${colors.text}">`,
    `<title>${escaped(`${title}: ${className}`)}</title>`,
    `<rect width="100%" height="100%" fill="${colors.ground}"/>`,
    `<text x="${left}" y="20" font-size="14" fill="${colors.title}"${fitted(title)}>${escaped(title)}</text>`,
    `<text x="${left}" y="38">${escaped(`${className}; ${notesOf(picture).join(", ")}`)}</text>`,
    `<text x="${left}" y="54">${escaped(countsText(counts))}</text>`,
    `<text x="${left}" y="${top - 16}">queries ↓ keys →</text>`,
    ...ticks.map((tick) => `<text x="${left + Number(at(tick + 0.5))}" y="${top - 4}" text-anchor="middle">${tick}</text><text x="${left - 5}" y="${top + Number(at(tick + 0.5)) + 4}" text-anchor="end">${tick}</text>`),
    `<g transform="translate(${left} ${top})">`,
    `<rect width="${side}" height="${side}" fill="${colors.cells}"/>`,
    `<path d="${runs.join("")}" fill="${colors.allowed}"/>`,
    `<path d="${grid}" stroke="${colors.lines}" stroke-width="0.5" fill="none"/>`,
    `<path d="${dashed}" stroke="${colors.ends}" stroke-width="1.5" stroke-dasharray="5 3" fill="none"/>`,
    `<rect width="${side}" height="${side}" fill="none" stroke="${colors.edge}"/>`,
    `</g>`,
    `</svg>`,
  ];
  return `${lines.join("\n")}\n`;
}

/** A long text is narrowed to the picture's width. */
const fitted = (text: string): string => (text.length > 62 ? ` textLength="${side}" lengthAdjust="spacingAndGlyphs"` : "");

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);
