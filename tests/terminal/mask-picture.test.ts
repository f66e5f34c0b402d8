// Pictures of masks, read back into the pairs that they show; and what kernels compute of them.

import { describe, expect, test } from "vitest";
import { maskMatrix } from "../../compiler/graph/mask.ts";
import { pictureOf, pictureText, type PictureOptions } from "../../runtime/terminal/mask-picture.ts";
import { maskSvg } from "../../runtime/terminal/mask-svg.ts";
import { compileMask } from "../harness/random-mask.ts";

const texts: readonly (readonly [string, PictureOptions])[] = [
  ["full", {}], ["causal", { positions: 1 }], ["causal & query - key < 3", { positions: 8 }], ["window(3) | key < 2 | query < 1", { positions: 64 }],
  ["prefix", { positions: 33, prefix: 7 }], ["prefix & document", { documents: [5, 1, 10], prefix: 3 }], ["not causal & ((query - key) mod 3 == 0)", { positions: 47 }], ["causal & query < key", { positions: 40 }],
];

const expected = (text: string, { positions = 0, prefix = 0, documents }: PictureOptions): string[] => {
  const size = documents?.reduce((sum, length) => sum + length, 0) ?? positions;
  const numbers = (documents ?? [size]).flatMap((length, i) => Array<number>(length).fill(i));
  const matrix = maskMatrix(compileMask(text), { queries: size, keys: size, prefix }, { queries: numbers, keys: numbers });
  return Array.from({ length: size }, (_, t) => matrix.subarray(t * size, (t + 1) * size).join(""));
};

describe.each(texts)("%s %o", (text, options) => {
  const picture = pictureOf(compileMask(text), options);
  const size = picture.positions;
  const wanted = expected(text, { ...options, positions: size });

  test("in block characters", () => {
    const lines = pictureText(picture, "  ").split("\n");
    const drawn = lines.slice(2, lines.findIndex((line) => line.includes("pairs allowed"))).map((line) => line.replace(/^ *\d* /, "").trimStart());
    const bit = (on: boolean): string => (on ? "1" : "0");
    const read = size <= 32
      ? drawn.map((line) => (line.match(/../g) ?? []).map((cell) => bit(cell === "██")).join(""))
      : drawn.flatMap((line) => [[...line].map((one) => bit("█▀".includes(one))).join(""), [...line].map((one) => bit("█▄".includes(one))).join("")]).slice(0, size);
    expect(read).toEqual(wanted);
    expect(Math.max(...lines.slice(0, -2).filter((line) => !line.includes("pairs")).map((line) => line.length))).toBeLessThanOrEqual(Math.max(80, 2 * size));
    const labels = lines.slice(2).map((line) => /^ +(\d+) [█▀▄·]/.exec(line)?.[1]).filter(Boolean).map(Number);
    expect(labels).toEqual(Array.from({ length: Math.ceil(size / (size <= 16 ? 4 : 8)) }, (_, i) => i * (size <= 16 ? 4 : 8)));
  });

  test("as SVG", () => {
    const svg = maskSvg(picture, text, "some class");
    const open = [...svg.matchAll(/<(\w+)(?: [^>]*[^/>])?>/g)].map((found) => found[1]).sort();
    expect([...svg.matchAll(/<\/(\w+)>/g)].map((found) => found[1]).sort()).toEqual(open);
    expect(svg).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
    const path = /<path d="([^"]*)" fill="#2563eb"/.exec(svg)![1];
    const read = wanted.map((row) => [...row].map(() => "0"));
    const cell = 480 / size;
    for (const [, x, y, width] of path.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)v/g)) for (let s = Math.round(Number(x) / cell); s < Math.round((Number(x) + Number(width)) / cell); s++) read[Math.round(Number(y) / cell)][s] = "1";
    expect(read.map((row) => row.join(""))).toEqual(wanted);
  });

  test("with its counts", () => {
    const allowed = wanted.join("").replaceAll("0", "").length;
    expect(picture.counts).toMatchObject({ positions: size, pairs: size ** 2, allowed });
    expect(picture.counts.computed).toBeGreaterThanOrEqual(allowed);
    expect(picture.counts.computed).toBeLessThanOrEqual(size ** 2);
  });
});

test("counts by hand: strips of four queries, and keys far apart are skipped", () => {
  // Strips see keys 0 … 3, 0 … 7: 4 · 4 + 4 · 8.
  expect(pictureOf(compileMask("causal"), { positions: 8 }).counts).toMatchObject({ allowed: 36, computed: 48 });
  // Query 0 … 3 together 0 … 3; the others their own four and key 0, which lies close enough to be one range for the next two strips.
  expect(pictureOf(compileMask("query == key | key == 0"), { positions: 20 }).counts).toMatchObject({ allowed: 39, computed: 4 * (4 + 8 + 12 + 5 + 5) });
  expect(pictureOf(compileMask("causal & query < key"), { positions: 20 }).counts).toMatchObject({ allowed: 0, computed: 0 });
});
