// What items of each kind look like in files.

import type { Items, Kind, Label } from "./define.ts";
import { wordsOf } from "./_text.ts";

/** How one item is written. */
export interface Form<T> {
  /** "a text", after "… is wanted". */
  readonly wanted: string;
  /** From JSON; undefined where it does not fit. */
  readonly read: (value: unknown) => T | undefined;
  /** A plain line as the JSON value that it stands for. */
  readonly line: (line: string) => unknown;
}

export type Misfit = { readonly lengths: readonly [number, number] } | { readonly wanted: string; readonly found: string };

export type Forms = {
  readonly [K in Kind]: {
    readonly prediction: Form<Items[K]["prediction"]>;
    readonly reference: Form<Items[K]["reference"]>;
    /** What is wrong between a prediction and its reference. */
    readonly fit?: (prediction: Items[K]["prediction"], reference: Items[K]["reference"]) => Misfit | null;
  };
};

const isFinite = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** `3` and `-0.5` are numbers, anything else itself. */
function numeral(text: string): unknown {
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function listOf<T>(value: unknown, fits: (item: unknown) => item is T): readonly T[] | undefined {
  return Array.isArray(value) && value.every(fits) ? value : undefined;
}

const isText = (value: unknown): value is string => typeof value === "string";

const label: Form<Label> = {
  wanted: "a label (a text or a whole number)",
  read: (value) => (typeof value === "boolean" ? Number(value) : isText(value) || Number.isInteger(value) ? (value as Label) : undefined),
  line: (line) => numeral(line.trim()),
};
const number: Form<number> = { wanted: "a number", read: (value) => (isFinite(value) ? value : undefined), line: (line) => numeral(line.trim()) };
const text: Form<string> = { wanted: "a text", read: (value) => (isText(value) ? value : undefined), line: (line) => line };
const tags: Form<readonly string[]> = { wanted: "a list of tags", read: (value) => listOf(value, (tag): tag is string => isText(tag) && tag !== ""), line: wordsOf };
const place = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

export const forms: Forms = {
  losses: {
    prediction: { wanted: "a list of losses in nats, `null` for tokens that do not count", read: (value) => listOf(value, (loss): loss is number | null => loss === null || isFinite(loss)), line: (line) => wordsOf(line).map((word) => (word === "null" ? null : numeral(word))) },
    reference: text,
  },
  labels: { prediction: label, reference: label },
  numbers: { prediction: number, reference: number },
  rewards: { prediction: number, reference: number },
  texts: {
    prediction: text,
    reference: { wanted: "a text, or a list of texts of which each would be right", read: (value) => (isText(value) ? [value] : Array.isArray(value) && value.length ? listOf(value, isText) : undefined), line: (line) => line },
  },
  tags: { prediction: tags, reference: tags, fit: (prediction, reference) => (prediction.length === reference.length ? null : { lengths: [prediction.length, reference.length] }) },
  scores: {
    prediction: { wanted: "a list of numbers, the scores of all candidates", read: (value) => (Array.isArray(value) && value.length ? listOf(value, isFinite) : undefined), line: (line) => wordsOf(line).map(numeral) },
    reference: {
      wanted: "the place of the right candidate, from 0, or a list of places",
      read: (value) => (place(value) ? [value] : Array.isArray(value) && value.length && new Set(value).size === value.length ? listOf(value, place) : undefined),
      line: (line) => wordsOf(line).map(numeral),
    },
    fit(prediction, reference) {
      const beyond = reference.find((one) => one >= prediction.length);
      return beyond === undefined ? null : { wanted: `a place below ${prediction.length}, the number of scores`, found: `\`${beyond}\`` };
    },
  },
};
