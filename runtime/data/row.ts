// Writes examples into one row of a batch, as the layout of their entry says.

import type { PlanEntry, PlanObjective, PlanStream } from "../../compiler/objectives/plan.ts";
import type { Example } from "../objectives/example.ts";
import type { Field } from "./fields.ts";

export interface RowWriter {
  /** A stretch of a document that predicts each next token: `ids` has one token more than it has positions. */
  readonly next: (entry: PlanEntry, lead: ArrayLike<number>, ids: ArrayLike<number>) => void;
  readonly example: (entry: PlanEntry, example: Example) => void;
}

/** `start` is the token before the first target of a decoder. Several calls fill a packed row from left to right. */
export function rowWriter(objective: PlanObjective, fields: ReadonlyMap<string, Field>, row: number): RowWriter {
  const { inputs, targets } = objective.streams;
  const losses = new Map(objective.losses.map((loss) => [loss.head, { ...loss, used: 0 }]));
  const ends = new Map<string, number>();
  let documents = 0;

  const put = (name: string, at: number, value: number): void => {
    const field = fields.get(name);
    if (!field) return;
    if (at >= field.row) throw new Error(`\`${name}\` has no place ${at} (of ${field.row})`);
    field.data[row * field.row + at] = value;
  };
  /** Appends tokens to a stack's row; gives the place of the first. */
  const append = ({ prefix }: PlanStream, ids: ArrayLike<number>, segments?: ArrayLike<number>): number => {
    const from = ends.get(prefix) ?? 0;
    for (let i = 0; i < ids.length; i++) {
      put(`${prefix}tokens`, from + i, ids[i]);
      put(`${prefix}positions`, from + i, i);
      put(`${prefix}real`, from + i, 1);
      put(`${prefix}documents`, from + i, documents);
      if (segments) put(`${prefix}segments`, from + i, segments[i]);
    }
    if (ids.length > 0) put(`${prefix}last`, 0, from + ids.length - 1);
    ends.set(prefix, from + ids.length);
    return from;
  };
  const predict = (entry: PlanEntry, head: string, place: number, target: number): void => {
    const loss = losses.get(head)!;
    const term = entry.terms.find((one) => one.head === head)!;
    const at = loss.kind === "class" ? 0 : loss.places === null ? place : loss.used;
    loss.used++;
    put(`${head}.targets`, at, target);
    put(`${head}.weights`, at, term.weight / loss.weight);
    if (loss.places !== null) put(`${head}.places`, at, place);
  };
  const termOf = (entry: PlanEntry, ...words: string[]) => entry.terms.filter((term) => words.includes(term.target));

  return {
    next(entry, lead, ids) {
      const all = [...Array.from(lead), ...Array.from(ids)];
      const from = append(inputs, all.slice(0, -1));
      for (const { head } of entry.terms) for (let i = 0; i + 1 < all.length; i++) predict(entry, head, from + i, all[i + 1]);
      documents++;
    },
    example(entry, { text, inputs: shown, segments, targets: sequence, noised, label }) {
      const apart = entry.terms.find((term) => term.target !== "class");
      if (entry.layout === "one_sequence") {
        const whole = [...Array.from(shown), ...sequence];
        const from = append(inputs, whole.slice(0, -1), [...Array.from(segments), ...sequence.map(() => 1)]);
        put(`${inputs.prefix}prefix`, 0, shown.length);
        // The place of the last input predicts the first target.
        sequence.forEach((target, i) => predict(entry, apart!.head, from + shown.length - 1 + i, target));
      } else if (entry.layout === "two_stacks" && targets) {
        append(inputs, shown, segments);
        append(targets, [targets.start, ...sequence.slice(0, -1)].slice(0, sequence.length));
        sequence.forEach((target, i) => predict(entry, apart!.head, i, target));
      } else {
        const from = append(inputs, shown, segments);
        for (const { head } of termOf(entry, "in_place")) for (const place of noised) predict(entry, head, from + place, text[place]);
        for (const { head } of termOf(entry, "next")) for (let i = 0; i + 1 < text.length; i++) predict(entry, head, from + i, text[i + 1]);
      }
      if (label !== null) for (const { head } of termOf(entry, "class")) predict(entry, head, 0, label);
      documents++;
    },
  };
}
