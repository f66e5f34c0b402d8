// A mask drawn with block characters: queries go down, keys across.

import { dependence, maskMatrix, tellingLength } from "../../compiler/graph/mask.ts";
import type { MaskExpression } from "../../compiler/masks/define.ts";

export interface MaskPicture { readonly positions: number; /** How many positions the prefix has, where the mask looks at it. */ readonly prefix: number | null; /** Lengths of packed documents, where it looks at them. */ readonly documents: readonly number[] | null; readonly rows: readonly string[] }

/** Between 8 and 32 positions, as many as it takes to tell. */
export function pictureOf(mask: MaskExpression): MaskPicture {
  const uses = dependence(mask);
  const positions = Math.max(8, Math.min(32, tellingLength(mask)));
  const prefix = uses.prefix ? Math.round(positions / 3) : null;
  const first = Math.round(positions * 0.4);
  const documents = uses.document ? [first, positions - first] : null;
  const numbers = documents && Array.from({ length: positions }, (_, i) => (i < first ? 0 : 1));
  const allowed = maskMatrix(mask, { queries: positions, keys: positions, prefix: prefix ?? 0 }, numbers ? { queries: numbers, keys: numbers } : undefined);
  const rows = Array.from({ length: positions }, (_, query) => Array.from({ length: positions }, (_, key) => (allowed[query * positions + key] ? "██" : "··")).join(""));
  return { positions, prefix, documents, rows };
}

export function pictureText({ positions, prefix, documents, rows }: MaskPicture, indent: string): string {
  const notes = [`${positions} positions`, ...(prefix === null ? [] : [`a prefix of ${prefix}`]), ...(documents === null ? [] : [`packed documents of ${documents.join(" and ")}`])];
  return `${indent}queries ↓ keys →, ${notes.join(", ")}\n${rows.map((row) => `${indent}${row}\n`).join("")}`;
}
