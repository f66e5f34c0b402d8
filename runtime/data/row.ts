// Writes examples into one row of a batch, as the layout of their entry says.

import { readsImages, type PlanEntry, type PlanObjective, type PlanStream } from "../../compiler/objectives/plan.ts";
import type { Example } from "../objectives/example.ts";
import type { TaskExample } from "../tasks/define.ts";
import { isOfPairs, type Field } from "./fields.ts";
import type { imageWriter } from "./images.ts";

export interface RowWriter {
  /** A stretch of a document that predicts each next token: `ids` has one token more than it has positions. */
  readonly next: (entry: PlanEntry, lead: ArrayLike<number>, ids: ArrayLike<number>) => void;
  readonly example: (entry: PlanEntry, example: Example) => void;
  /** A text, or an image (bytes [C, H, W]), with what one head has to give; beside an encoder the decoder gets the text too, shifted. */
  readonly task: (entry: PlanEntry, example: TaskExample, image: ArrayLike<number> | null) => void;
  /** A framed text and its image, which is right for it among those of the batch; the image is bytes [C, H, W]. */
  readonly pair: (entry: PlanEntry, ids: readonly number[], image: ArrayLike<number>) => void;
}

/** One row of a field; null where the batch has no such field. */
type Column = { readonly name: string; readonly data: Int32Array | Float32Array; readonly from: number; readonly size: number } | null;

/** Of a preference an example is two rows, the chosen answer's above the rejected one's, and the weight of the pair. */
export function pairWriter(objective: PlanObjective, fields: ReadonlyMap<string, Field>, example: number): RowWriter {
  const rows = new Map([...fields].map(([name, field]) => [name, isOfPairs(name) ? field : { ...field, row: field.row / 2 }]));
  const refuse = (): never => {
    throw new Error("a preference has no text of its own");
  };
  return {
    next: refuse,
    example: refuse,
    pair: refuse,
    task(entry, better) {
      [better, better.rejected!].forEach((one, i) => rowWriter(objective, rows, 2 * example + i).task(entry, one, null));
      for (const [name, { data }] of fields) if (isOfPairs(name)) data[example] = 1;
    },
  };
}

/** Several calls fill a packed row from left to right. */
export function rowWriter(objective: PlanObjective, fields: ReadonlyMap<string, Field>, row: number, writeImage?: ReturnType<typeof imageWriter>): RowWriter {
  const { inputs, targets } = objective.streams;
  const losses = new Map(objective.losses.map((loss) => [loss.head, { ...loss, used: 0 }]));
  const ends = new Map<string, number>();
  let documents = 0;

  const places = new Map<string, Column>();
  /** A field's row, looked up once. */
  const column = (name: string): Column => {
    let found = places.get(name);
    if (found === undefined) {
      const field = fields.get(name);
      found = field ? { name, data: field.data, from: row * field.row, size: field.row } : null;
      places.set(name, found);
    }
    return found;
  };
  const put = (into: Column, at: number, value: number): void => {
    if (into === null) return;
    if (at >= into.size) throw new Error(`\`${into.name}\` has no place ${at} (of ${into.size})`);
    into.data[into.from + at] = value;
  };
  /** Appends tokens to a stack's row; gives the place of the first. */
  const append = ({ prefix }: PlanStream, ids: ArrayLike<number>, segments?: ArrayLike<number>): number => {
    const from = ends.get(prefix) ?? 0;
    const [tokens, positions, real, of, segment] = ["tokens", "positions", "real", "documents", "segments"].map((name) => column(prefix + name));
    for (let i = 0; i < ids.length; i++) {
      put(tokens, from + i, ids[i]);
      put(positions, from + i, i);
      put(real, from + i, 1);
      put(of, from + i, documents);
      if (segments) put(segment, from + i, segments[i]);
    }
    if (ids.length > 0) put(column(`${prefix}last`), 0, from + ids.length - 1);
    ends.set(prefix, from + ids.length);
    return from;
  };
  /** Targets of one head at these places, in order. */
  const predict = (entry: PlanEntry, head: string, count: number, place: (i: number) => number, target: (i: number) => number): void => {
    const loss = losses.get(head)!;
    const weight = entry.terms.find((one) => one.head === head)!.weight / loss.weight;
    const [targetsOf, weightsOf, placesOf] = ["targets", "weights", "places"].map((name) => column(`${head}.${name}`));
    for (let i = 0; i < count; i++) {
      const at = loss.kind === "class" || loss.kind === "number" || loss.kind === "contrastive" ? 0 : loss.places === null ? place(i) : loss.used;
      loss.used++;
      put(targetsOf, at, target(i));
      put(weightsOf, at, weight);
      if (loss.places !== null) put(placesOf, at, place(i));
    }
  };
  const termOf = (entry: PlanEntry, ...words: string[]) => entry.terms.filter((term) => words.includes(term.target));

  return {
    next(entry, lead, ids) {
      const all = lead.length === 0 ? ids : [...Array.from(lead), ...Array.from(ids)];
      const from = append(inputs, Array.prototype.slice.call(all, 0, -1));
      for (const { head } of entry.terms) predict(entry, head, all.length - 1, (i) => from + i, (i) => all[i + 1]);
      documents++;
    },
    pair(entry, ids, image) {
      append(inputs, ids);
      writeImage!(fields, row, image);
      for (const { head } of entry.terms) predict(entry, head, 1, () => 0, () => row);
    },
    example(entry, { text, inputs: shown, segments, targets: sequence, noised, label }) {
      const apart = entry.terms.find((term) => term.target !== "class");
      if (entry.layout === "one_sequence") {
        const whole = [...Array.from(shown), ...sequence];
        const from = append(inputs, whole.slice(0, -1), [...Array.from(segments), ...sequence.map(() => 1)]);
        put(column(`${inputs.prefix}prefix`), 0, shown.length);
        // The place of the last input predicts the first target.
        predict(entry, apart!.head, sequence.length, (i) => from + shown.length - 1 + i, (i) => sequence[i]);
      } else if (entry.layout === "two_stacks" && targets) {
        append(inputs, shown, segments);
        append(targets, [targets.start, ...sequence.slice(0, -1)].slice(0, sequence.length));
        predict(entry, apart!.head, sequence.length, (i) => i, (i) => sequence[i]);
      } else {
        const from = append(inputs, shown, segments);
        for (const { head } of termOf(entry, "in_place")) predict(entry, head, noised.length, (i) => from + noised[i], (i) => text[noised[i]]);
        for (const { head } of termOf(entry, "next")) predict(entry, head, text.length - 1, (i) => from + i, (i) => text[i + 1]);
      }
      if (label !== null) for (const { head } of termOf(entry, "class")) predict(entry, head, 1, () => 0, () => label);
      documents++;
    },
    task(entry, example, image) {
      const { inputs: text, segments, targets: { places: at, values }, sequence, prefix } = example;
      const { placeholders } = inputs;
      const [{ head: writes, target: kind }] = entry.terms;
      if (kind === "tokens" || kind === "preference") {
        if (sequence && targets) {
          append(inputs, [...placeholders, ...text]);
          append(targets, [targets.start, ...sequence.slice(0, -1)].slice(0, sequence.length));
          predict(entry, writes, at.length, (i) => at[i], (i) => values[i]);
        } else {
          append(inputs, [...placeholders, ...text.slice(0, -1)]);
          put(column(`${inputs.prefix}prefix`), 0, placeholders.length + (prefix ?? 0));
          // A token is predicted at the place before it.
          predict(entry, writes, at.length, (i) => placeholders.length + at[i] - 1, (i) => values[i]);
        }
        return;
      }
      if (readsImages(objective.streams)) writeImage!(fields, row, image!);
      else append(inputs, [...placeholders, ...text], [...placeholders.map(() => 0), ...segments]);
      if (targets) append(targets, [targets.start, ...text.slice(0, -1)].slice(0, text.length), segments);
      // Places of the inputs are behind the placeholders; of the decoder beside an encoder they are those of the text.
      const shift = targets ? 0 : placeholders.length;
      for (const { head, target } of entry.terms) predict(entry, head, values.length, (i) => (target === "tags" ? shift + at[i] : at[i]), (i) => (target === "span" ? shift + values[i] : values[i]));
    },
  };
}
