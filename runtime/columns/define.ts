// The contract of a column's type: how a value of a file becomes one of ours.

import type { ColumnFacts } from "../../compiler/phases/2-check/vocabulary.ts";
import type { PlanColumn } from "../../compiler/plan/schema.ts";
import type { Field, Fields } from "../../grammar/fields.ts";

/** Bytes by row, column and channel. */
export interface Image { readonly height: number; readonly width: number; readonly channels: number; readonly data: Uint8Array }

/** A file of an image that nobody has decoded: its bytes, or the path that they are at. */
export interface Picture { readonly bytes: Uint8Array | null; readonly path: string | null }

export type ColumnValue = string | number | readonly string[] | readonly number[] | Image | Picture;

export interface ColumnDefinition extends ColumnFacts {
  /** The word after the column's name. */
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  /** The value, or what is wrong with it: `{ problem: "\`x\` is no number" }`. */
  readonly read: (value: unknown, column: PlanColumn) => { readonly value: ColumnValue } | { readonly problem: string };
  /** As the text of a document, for types that have one. */
  readonly asText?: (value: ColumnValue) => string;
}

export function defineColumn(definition: ColumnDefinition): ColumnDefinition {
  return definition;
}

/** `column: "Review Text"`, or its number in a file without header. */
export const columnParameter: Field = {
  type: { type: "any", of: [{ type: "string" }, { type: "integer", minimum: 1 }] },
  doc: "its name in the file, or its number from 1 in a file without header; absent: our name for it",
};

/** A value as messages show it. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
