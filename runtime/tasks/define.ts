// The contract of a task: how a row of the data becomes examples, and how what the head gives becomes predictions.

import type { TaskFacts } from "../../compiler/phases/2-check/vocabulary.ts";
import type { Call, PlanColumn } from "../../compiler/plan/schema.ts";
import type { Fields, FieldType } from "../../grammar/fields.ts";
import type { ColumnValue } from "../columns/define.ts";
import type { Kind } from "../metrics/define.ts";
import type { Tokenizer } from "../tokenizers/define.ts";

/** What a task works with, beside a row. */
export interface TaskShape {
  readonly tokenizer: Tokenizer;
  /** Ids around the texts: before the first, between two, after the last. */
  readonly frame: { readonly before: readonly number[]; readonly between: readonly number[]; readonly after: readonly number[]; /** After what is written. */ readonly close: readonly number[] };
  /** Tokens of text that an example takes, all texts together; beside an encoder those of the inputs. */
  readonly room: number;
  /** Tokens of what is written, `close` among them, at most. */
  readonly targets: number;
  /** What is read and what is written stand in one sequence. */
  readonly together: boolean;
  /** Columns of the data. */
  readonly columns: { readonly [name: string]: PlanColumn };
  /** Names of the classes in the order of their ids. */
  readonly classes: readonly string[];
  readonly arguments: Call["arguments"];
  /** An image stands instead of texts. */
  readonly image: boolean;
}

/** Values of a row by the parameters of the task, several where a parameter was given a list of columns; of a prompt by column. */
export type TaskValues = { readonly [parameter: string]: readonly ColumnValue[] };

/** One example: what the inputs are, and what the head has to give at which places of them. */
export interface TaskExample {
  readonly inputs: readonly number[];
  /** 1 from the second text on. */
  readonly segments: readonly number[];
  /** Places are of the inputs; a class or a number of the whole stands at 0, a stretch is its first and its last place in `values`. Of texts: which tokens are learned, by their places in `inputs`, or in `sequence`. */
  readonly targets: { readonly places: readonly number[]; readonly values: readonly number[] };
  /** Tokens of its texts, and how many of them did not fit; of an image none. */
  readonly tokens: number;
  readonly cut: number;
  /** First place of each text. */
  readonly starts: readonly number[];
  /** Of texts beside an encoder: what the decoder has to write. */
  readonly sequence?: readonly number[];
  /** Of texts in one sequence: so many inputs are read before anything is written. */
  readonly prefix?: number;
  /** Of a preference: the same inputs with the answer that was rejected. */
  readonly rejected?: TaskExample;
}

/** What a model is asked in writing when it is measured. */
export interface Question {
  readonly prompt: readonly number[];
  /** Ids that it may write. */
  readonly tokens: number;
  /** Texts that end what it writes, beside `<eos>`. */
  readonly stop: readonly string[];
}

/** A prediction, or what is right, in the form that metrics of the task's kind take. */
export type Given = string | number | readonly string[];

export interface TaskDefinition extends TaskFacts {
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  readonly gives: Kind;
  /** At least one, or what is wrong with the row. */
  readonly examples: (row: TaskValues, shape: TaskShape) => readonly TaskExample[] | { readonly problem: string };
  /** From what the head gave for each example of the row, in order. */
  readonly predict?: (outputs: readonly Float32Array[], examples: readonly TaskExample[], row: TaskValues, shape: TaskShape) => Given;
  /** Of a task that writes texts: the prediction is what the model writes. */
  readonly question?: (row: TaskValues, shape: TaskShape) => Question;
  readonly reference: (row: TaskValues, shape: TaskShape) => Given;
}

export function defineTask(definition: TaskDefinition): TaskDefinition {
  return definition;
}

/** A parameter that names a column of the data. */
export const column = (doc: string, ...types: string[]): Fields[string] => ({ type: { type: "column", types }, doc, positional: true, required: true });

/** One text, two (`[first, second]`), or an image. */
export function textsOrImage(doc: string): Fields[string] {
  const types = ["string", "words", "tokens"];
  const one: FieldType = { type: "column", types: [...types, "image"] };
  return { type: { type: "any", of: [one, { type: "list", of: { type: "column", types }, minimum: 2, maximum: 2 }] }, doc, positional: true, required: true };
}
