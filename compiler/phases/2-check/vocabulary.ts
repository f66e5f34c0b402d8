// The words that can be called, by registry: the compiler's own folders and what the runtime's catalog brings.

import { assertions, fits } from "../../ablations/words.ts";
import { combinators } from "../../objectives/combinators.ts";
import type { ObjectiveWords } from "../../objectives/facts.ts";
import { namedObjectives } from "../../objectives/named.ts";
import type { Fields, Registry } from "../../../grammar/fields.ts";
import type { Call, PlanColumn, PlanImageColumn } from "../../plan/schema.ts";
import { adaptations } from "../../adaptations/index.ts";
import { activations } from "../../activations/index.ts";
import { initializers } from "../../initializers/index.ts";
import { layers } from "../../layers/index.ts";
import { masks } from "../../masks/index.ts";
import { optimizers } from "../../optimizers/index.ts";
import { positions } from "../../positions/index.ts";
import { schedules } from "../../schedules/index.ts";

export interface Word { readonly word: string; readonly doc: string; readonly parameters: Fields }

/** Definitions of the runtime that the compiler checks against; the runtime passes them to `compile` as a value. */
export interface Catalog {
  readonly version: string;
  readonly tokenizers: Readonly<Record<string, Word & TokenizerFacts>>;
  /** What objectives are made of. */
  readonly objectives: ObjectiveWords;
  /** The text of the objectives that are known everywhere, and the name of its file. */
  readonly prelude: { readonly file: string; readonly text: string };
  readonly metrics: Readonly<Record<string, Word & MetricFacts>>;
  readonly tasks: Readonly<Record<string, Word & TaskFacts>>;
  readonly decodings: Readonly<Record<string, Word & DecodingFacts>>;
  readonly sources: Readonly<Record<string, { readonly word: string; readonly doc: string } & SourceFacts>>;
  readonly columns: Readonly<Record<string, Word & ColumnFacts>>;
  readonly cleaners: Readonly<Record<string, Word & CleanerFacts>>;
  readonly synthetic: Readonly<Record<string, Word & SyntheticFacts>>;
  /** Reads a `tokenizer.json`: the size of its vocabulary and ids by token text, or what is wrong with it. */
  readonly readTokenizer: (text: string) => { readonly vocab: number; readonly ids: Readonly<Record<string, number>> } | { readonly problem: string };
}

export interface TokenizerFacts {
  /** Whether it must be trained on data. */
  readonly trained: boolean;
  /** Names of special tokens that it cannot do without. */
  readonly tokens?: readonly string[];
  /** The smallest `vocab` for this many special tokens and sentinels together; the only one for a kind that is not trained. */
  readonly least: (reserved: number) => number;
}

export interface DecodingFacts {
  /** Texts that run side by side for one prompt. */
  readonly rows: (args: Call["arguments"]) => number;
  /** Why arguments do not go together. */
  readonly problem?: (args: Call["arguments"]) => string | null;
}

export interface SourceFacts {
  /** How its files name columns: `document` has no table, only the `text` and the `path` of each document, `names` always has names, `header` names in the first line unless they are asked for by number. */
  readonly table: "document" | "names" | "header";
}

/** What the compiler has to know of a task; how rows become examples and outputs predictions is the runtime's. */
export interface TaskFacts {
  /** The head that it trains. */
  readonly head: string;
  readonly loss: "class" | "number" | "tags" | "span" | "tokens" | "preference";
  /** What the head gives: a score for each class, or for each token, or so many numbers. */
  readonly width: "classes" | "vocabulary" | number;
  /** Parameters whose columns are the inputs, in their order. A list of two columns in one of them is two texts. */
  readonly texts: readonly string[];
  /** The parameter whose column holds the right answers; null where a prompt has them, or where none is right. */
  readonly answers: string | null;
  /** What predictions are, as metrics take them. */
  readonly gives: string;
  /** What is measured where a run does not say; the first decides which checkpoint is the best. */
  readonly metrics: readonly string[];
}

export interface ColumnFacts {
  /** Its values are labels, one or a list: their number is the number of classes. */
  readonly labels?: boolean;
  /** Pretraining can read it. */
  readonly text: boolean;
  /** Formats that can hold it; null: every table. */
  readonly formats: readonly string[] | null;
  /** How a value fills the hole of a template; absent: it cannot. */
  readonly fills?: (value: never, column: PlanColumn) => string;
  /** What is wrong with arguments that each fit by themselves. */
  readonly problem?: (args: Call["arguments"]) => string | null;
  /** Of a column of images: what a plan holds of its arguments. */
  readonly image?: (args: Call["arguments"]) => PlanImageColumn;
}

export interface CleanerFacts {
  /** Of a preset: the rules that it stands for. */
  readonly rules?: (args: Call["arguments"]) => readonly Call[];
}

export interface SyntheticFacts {
  /** Number of different ids. */
  readonly ids: (args: Call["arguments"]) => number;
  /** What is wrong with arguments that each fit by themselves. */
  readonly problem?: (args: Call["arguments"]) => string | null;
}

export interface MetricFacts {
  readonly better: "lower" | "higher";
  /** What it is computed from; held-out data of a pretrain gives `losses`, and of a contrastive one `scores`. */
  readonly from: string;
}

export type Vocabulary = { readonly [R in Registry | "mask"]: Readonly<Record<string, Word>> };

export function vocabularyOf(catalog: Catalog): Vocabulary {
  const withoutParameters = (records: Readonly<Record<string, { word: string; doc: string }>>): Record<string, Word> =>
    Object.fromEntries(Object.entries(records).map(([key, record]) => [key, { word: record.word, doc: record.doc, parameters: {} }]));
  return {
    layer: layers,
    initializer: initializers,
    mask: masks,
    activation: withoutParameters(activations),
    position: positions,
    optimizer: optimizers,
    schedule: schedules,
    adaptation: adaptations,
    // Parsed only where they are listed.
    get objective() {
      return { ...combinators, ...namedObjectives(catalog.prelude) };
    },
    noise: catalog.objectives.noises,
    input: catalog.objectives.inputs,
    target: catalog.objectives.targets,
    pair: catalog.objectives.pairs,
    tokenizer: catalog.tokenizers,
    metric: Object.fromEntries(Object.entries(catalog.metrics).map(([key, metric]) => [key, { ...metric, doc: `${metric.doc}; computed from ${metric.from}` }])),
    task: catalog.tasks,
    decoding: catalog.decodings,
    synthetic: catalog.synthetic,
    column: catalog.columns,
    cleaner: catalog.cleaners,
    assertion: assertions,
    fit: fits,
  };
}
