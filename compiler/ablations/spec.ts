// An ablation checked: its rows as runs, what is measured of each, and what must hold.

import type { Place } from "../../grammar/diagnostics/define.ts";
import type { Declared } from "../phases/1-resolve/program.ts";
import type { Context } from "../phases/2-check/context.ts";
import type { EvaluationSpec } from "../evaluation-spec.ts";
import type { RunSpec } from "../run-spec.ts";
import type { RowQuantity } from "./words.ts";

/** What a measure is of: a run, or an evaluation of one. */
export type Measured = RunSpec | EvaluationSpec;

/** What a row has instead of the baseline's, as texts of the language. */
export interface Change { readonly path: string; readonly from: string; readonly to: string }

export interface Axis { /** The varied paths; "rows" for a block of labelled changes. */ readonly title: string; readonly rows: readonly string[] }

export interface Measure {
  /** As written: `spam.accuracy`, `loss`. */
  readonly name: string;
  /** Name of the metric among those of its run: `accuracy`, `valid.loss`, `4_shot.accuracy`. */
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** The declaration that is measured: the baseline's, that of a run that starts from it, or of an evaluation of one of them. */
  readonly of: Declared;
  readonly place: Place;
}

export interface AblationRow {
  readonly label: string;
  /** One of each axis; none for a baseline that is no point of the grid. */
  readonly values: readonly string[];
  readonly baseline: boolean;
  readonly place: Place;
  readonly changes: readonly Change[];
  /** Its resolved spec; equal texts are one run. */
  readonly text: string;
  /** The run of the row, at the first seed. */
  readonly run: RunSpec;
  /** What is measured, by declaration, at the first seed. */
  readonly measured: ReadonlyMap<Declared, Measured>;
  /** In which the row's runs were checked; its runs are those of the row. */
  readonly context: Context;
}

export interface Assertion { readonly what: RowQuantity; /** A share of the baseline's. */ readonly within: number; readonly text: string; readonly place: Place }

export interface AblationSpec {
  readonly name: string;
  readonly declared: Declared;
  readonly place: Place;
  readonly axes: readonly Axis[];
  /** The baseline first, then the grid in order: the last axis varies fastest. */
  readonly rows: readonly AblationRow[];
  readonly seeds: readonly number[];
  readonly measures: readonly Measure[];
  readonly asserts: readonly Assertion[];
  readonly published: { readonly file: string; readonly place: Place } | null;
  readonly fit: { readonly over: readonly RowQuantity[] } | null;
}
