// The contract of a column's type: how a value of a file becomes one of ours.

import type { ColumnFacts } from "../../compiler/phases/2-check/vocabulary.ts";
import type { PlanColumn } from "../../compiler/plan/schema.ts";
import type { Message } from "../../compiler/chat.ts";
import type { Field, Fields } from "../../grammar/fields.ts";

/** Bytes by row, column and channel. */
export interface Image { readonly height: number; readonly width: number; readonly channels: number; readonly data: Uint8Array }

/** A text taken from another, and where it begins there, in code points; null where nothing says so. */
export interface Answer { readonly text: string; readonly start: number | null }

export type ColumnValue = string | number | readonly string[] | readonly number[] | readonly Answer[] | readonly Message[] | Image | Picture;

/** A file of an image that nobody has decoded: its bytes, or the path that they are at. */
export interface Picture { readonly bytes: Uint8Array | null; readonly path: string | null }


export interface ColumnDefinition extends ColumnFacts {
  /** The word after the column's name. */
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  /** A pattern takes all matches. */
  readonly list?: boolean;
  /** The value, or what is wrong with it: `{ problem: "\`x\` is no number" }`. */
  readonly read: (value: unknown, column: PlanColumn) => { readonly value: ColumnValue } | { readonly problem: string };
  /** As the text of a document, for types that have one. */
  readonly asText?: (value: ColumnValue) => string;
  /** As what fills the hole of a template, for types that can. */
  readonly fills?: (value: ColumnValue, column: PlanColumn) => string;
}

export function defineColumn(definition: ColumnDefinition): ColumnDefinition {
  return definition;
}

/** `column: "Review Text"`, or its number in a file without header. */
export const columnParameter: Field = {
  type: { type: "any", of: [{ type: "string" }, { type: "integer", minimum: 1 }] },
  doc: "its name in the file, of jsonl also a field of a field, `target.text`; or its number from 1 in a file without header; absent: our name for it",
};

/** The parameters of every type whose values are written as text. */
export const columnParameters: Fields = {
  column: columnParameter,
  pattern: { type: { type: "string" }, doc: "a regular expression with a group: the group is the value (of a list, the groups of all matches); a row without a match is malformed" },
};

/** What a pattern takes of a text; null without a match. */
export function matched(text: string, pattern: RegExp, list: boolean): string | readonly string[] | null {
  if (list) {
    const all = [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);
    return all.length ? all : null;
  }
  const match = pattern.exec(text);
  pattern.lastIndex = 0;
  return match && (match[1] ?? match[0]);
}

/** A value as messages show it. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
