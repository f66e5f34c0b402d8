// greedy: the most likely token each time, the lowest id among equals.

import { largest } from "../logits.ts";
import { independentTexts } from "./_independent.ts";
import { commonFields, defineDecoding, penaltiesOf } from "./define.ts";

export const greedy = defineDecoding({
  word: "greedy",
  doc: "Takes the most likely token each time.",
  parameters: commonFields,
  rows: () => 1,
  begin: (args, start) => independentTexts(1, penaltiesOf(args), start, largest),
});
