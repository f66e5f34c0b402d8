// The words that combine objectives. Their arguments are objectives, which no field type but `objective` describes.

import type { FieldType } from "../../grammar/fields.ts";
import type { Value } from "../phases/2-check/values.ts";
import type { Word } from "../phases/2-check/vocabulary.ts";

const word = (name: string, doc: string, parameters: Word["parameters"] = {}): Word => ({ word: name, doc, parameters });

/** Which weights of another run. */
export type Checkpoint = "last" | "best" | number;
export const checkpointType: FieldType = { type: "any", of: [{ type: "choice", words: { last: "the latest", best: "that of the lowest held-out loss" } }, { type: "quantity", units: ["steps"], minimum: 0 }] };

export function checkpointOf(value: Value | null): Checkpoint {
  return value?.kind === "number" ? value.value : value?.kind === "choice" ? (value.word as "last" | "best") : "last";
}

const checkpoint: Word["parameters"][string] = { type: checkpointType, doc: "which weights of the teacher", default: "last" };

export const combinators: Readonly<Record<string, Word>> = {
  in_turn: word("in_turn", "`in_turn(a, b)`: corruptions applied one after the other; the target is the original text."),
  mixture: word("mixture", "`mixture(a, 2 * b, …)`: each example is drawn for one entry. Weights are relative, or percents that sum to 100 %."),
  led_by: word("led_by", "`led_by(<s_mode>, a)`: every input of `a` begins with the token."),
  distill: word("distill", "`distill(run)`: the soft targets of a teacher, a run that is trained first: the divergence of softmax(teacher / T) from softmax(own / T) times T², where tokens are predicted.", {
    temperature: { type: { type: "number", minimum: 0, exclusive: true }, doc: "both distributions are softened by it", default: "1" },
    checkpoint,
  }),
  match_hidden: word("match_hidden", "`match_hidden(run)`: 1 − the cosine between the last hidden states and a teacher's, at every token.", { checkpoint }),
};
