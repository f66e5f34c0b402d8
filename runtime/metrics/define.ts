// The contract of a metric: what it is computed from, its options, and the number.

import type { Fields } from "../../grammar/fields.ts";
import type { Resolved } from "../../compiler/plan/schema.ts";

export type Label = string | number;

/** One prediction and what it is compared with, by kind. */
export interface Items {
  /** Losses of a text's tokens in nats, null where one does not count; and the text. */
  readonly losses: { readonly prediction: readonly (number | null)[]; readonly reference: string };
  readonly labels: { readonly prediction: Label; readonly reference: Label };
  readonly numbers: { readonly prediction: number; readonly reference: number };
  /** A text, and the texts that would be right: at least one. */
  readonly texts: { readonly prediction: string; readonly reference: readonly string[] };
  /** A tag for each token. */
  readonly tags: { readonly prediction: readonly string[]; readonly reference: readonly string[] };
  /** A score for each candidate, and the places of the right ones: at least one. */
  readonly scores: { readonly prediction: readonly number[]; readonly reference: readonly number[] };
  /** The reward of the chosen one of two answers, and that of the rejected one; or their difference, and 0. */
  readonly rewards: { readonly prediction: number; readonly reference: number };
}
export type Kind = keyof Items;
export type Predictions<K extends Kind> = readonly Items[K]["prediction"][];
export type References<K extends Kind> = readonly Items[K]["reference"][];

/** Resolved arguments of a call, defaults filled in. */
export type Options = { readonly [name: string]: Resolved };

export interface Measured {
  /** Null where the metric has no value here; `note` says why. A note beside a number says what was taken for granted. */
  readonly value: number | null;
  readonly note?: string;
  readonly details?: { readonly [name: string]: unknown };
}
/** What the metric cannot be computed from, as a sentence without a full stop: the caller's mistake. */
export interface Unscorable { readonly problem: string }
export type Outcome = Measured | Unscorable;

export interface MetricDefinition<K extends Kind = Kind> {
  readonly word: string;
  readonly doc: string;
  readonly formula: string;
  readonly better: "lower" | "higher";
  /** What it is computed from. */
  readonly from: K;
  readonly parameters: Fields;
  /** Both of one length, at least 1. Pure. */
  readonly compute: (predictions: Predictions<K>, references: References<K>, options: Options) => Outcome;
}

export type AnyMetric = { readonly [K in Kind]: MetricDefinition<K> }[Kind];

export function defineMetric<K extends Kind>(definition: MetricDefinition<K>): MetricDefinition<K> {
  return definition;
}

/** Over all counted positions: summed loss in nats, how many there are, and how many UTF-8 bytes of text they stand for. */
export interface Totals { readonly nats: number; readonly count: number; readonly bytes: number }

/** A metric of held-out data: a number from totals, never a mean of means. */
export interface LossMetric extends MetricDefinition<"losses"> { readonly value: (totals: Totals) => number }

export function defineLossMetric(definition: Omit<LossMetric, "from" | "parameters" | "compute">): LossMetric {
  return {
    ...definition,
    from: "losses",
    parameters: {},
    compute(predictions, references) {
      const totals = totalsOf(predictions, references);
      const value = definition.value(totals);
      if (Number.isFinite(value)) return { value, details: { ...totals } };
      const why = totals.count === 0 ? "no token is counted" : totals.bytes === 0 ? "the texts have no bytes" : "the value is larger than a number holds";
      return { value: null, note: why, details: { ...totals } };
    },
  };
}

function totalsOf(predictions: Predictions<"losses">, references: References<"losses">): Totals {
  let [nats, count, bytes] = [0, 0, 0];
  for (const losses of predictions) {
    for (const loss of losses) {
      if (loss === null) continue;
      nats += loss;
      count++;
    }
  }
  const encoder = new TextEncoder();
  for (const text of references) bytes += encoder.encode(text).length;
  return { nats, count, bytes };
}

export function isProblem(outcome: Outcome): outcome is Unscorable {
  return "problem" in outcome;
}

/** The mean of a number for each example. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
