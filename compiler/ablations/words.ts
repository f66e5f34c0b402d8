// Words of an ablation's fields: what it asserts, and the law that its report fits.

import type { FieldType } from "../../grammar/fields.ts";
import type { Word } from "../phases/2-check/vocabulary.ts";

/** What a row costs, and what each of it is. */
export const quantities = {
  parameters: "distinct scalars of the row's model",
  tokens: "positions that its own training sees",
  flops: "floating-point operations of its own training",
} as const;

export type RowQuantity = keyof typeof quantities;

const quantity: FieldType = { type: "choice", words: quantities };

export const assertions: Readonly<Record<string, Word>> = {
  equal: {
    word: "equal",
    doc: "A quantity of the rows is the baseline's in every row",
    parameters: {
      what: { type: quantity, doc: "which", positional: true, required: true },
      within: { type: { type: "number", minimum: 0 }, doc: "largest difference, as a share of the baseline's", default: "0%" },
    },
  },
};

export const fits: Readonly<Record<string, Word>> = {
  power_law: {
    word: "power_law",
    doc: "measure = a · x^b + c over each of the quantities (Kaplan et al. 2020; Hoffmann et al. 2022)",
    parameters: {
      over: { type: quantity, doc: "x", positional: true, required: true },
      second: { type: quantity, doc: "a further x, fitted by itself", positional: true },
      third: { type: quantity, doc: "and one more", positional: true },
    },
  },
};
