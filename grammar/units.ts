// The words that may follow a number, each with its dimension and how much of the dimension's base it is.

export type Dimension = "tokens" | "steps" | "examples" | "epochs" | "bytes" | "time";

export interface Unit {
  /** As written in a file. */
  readonly word: string;
  readonly dimension: Dimension;
  /** How many of the dimension's base unit (tokens, steps, examples, epochs, bytes, seconds). */
  readonly factor: number;
  /** The word may also be a declared name: singular forms and single letters are too common to forbid. */
  readonly declarable?: true;
  readonly doc: string;
}

/** Every unit word. Counts are dimensions of their own: only a run's batch, length and data convert between them. */
export const units: readonly Unit[] = [
  ...count("tokens", "token", "Tokens that a run reads, padding not counted."),
  ...count("steps", "step", "Updates of the weights."),
  ...count("examples", "example", "Sequences, or rows of a data set."),
  ...count("epochs", "epoch", "Passes over the whole data."),
  { word: "B", dimension: "bytes", factor: 1, doc: "Bytes. Attached to digits, `B` is the magnitude 10⁹." },
  { word: "KB", dimension: "bytes", factor: 1e3, doc: "Kilobytes, 10³ bytes." },
  { word: "MB", dimension: "bytes", factor: 1e6, doc: "Megabytes, 10⁶ bytes." },
  { word: "GB", dimension: "bytes", factor: 1e9, doc: "Gigabytes, 10⁹ bytes." },
  { word: "TB", dimension: "bytes", factor: 1e12, doc: "Terabytes, 10¹² bytes." },
  { word: "s", dimension: "time", factor: 1, declarable: true, doc: "Seconds of wall-clock time." },
  { word: "min", dimension: "time", factor: 60, doc: "Minutes of wall-clock time." },
  { word: "h", dimension: "time", factor: 3_600, declarable: true, doc: "Hours of wall-clock time." },
];

const byWord: ReadonlyMap<string, Unit> = new Map(units.map((unit) => [unit.word, unit]));

/** The unit of a word, if it is one. */
export function unitOf(word: string): Unit | undefined {
  return byWord.get(word);
}

/** The plural is the dimension's name; the singular (`1 epoch`) means the same. */
function count(dimension: Dimension, singular: string, doc: string): Unit[] {
  return [{ word: dimension, dimension, factor: 1, doc }, { word: singular, dimension, factor: 1, declarable: true, doc }];
}
