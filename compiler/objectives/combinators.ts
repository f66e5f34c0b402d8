// The words that combine objectives. Their arguments are objectives, which no field type but `objective` describes.

import type { Word } from "../phases/2-check/vocabulary.ts";

const word = (name: string, doc: string, parameters: Word["parameters"] = {}): Word => ({ word: name, doc, parameters });

export const combinators: Readonly<Record<string, Word>> = {
  in_turn: word("in_turn", "`in_turn(a, b)`: corruptions applied one after the other; the target is the original text."),
  mixture: word("mixture", "`mixture(a, 2 * b, …)`: each example is drawn for one entry. Weights are relative, or percents that sum to 100 %."),
  led_by: word("led_by", "`led_by(<s_mode>, a)`: every input of `a` begins with the token."),
  distill: word("distill", "`distill(run)`: the soft targets of a teacher, a run that was trained before.", {
    temperature: { type: { type: "number", minimum: 0, exclusive: true }, doc: "both distributions are softened by it", default: "1" },
  }),
  match_hidden: word("match_hidden", "`match_hidden(run)`: the cosine between the last hidden states and a teacher's."),
};
