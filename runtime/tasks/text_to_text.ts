// text_to_text: a text for a text, both written by a prompt (Raffel et al. 2020, T5, section 2.4): tasks share one model, told apart by prefixes.

import type { PlanPrompt } from "../../compiler/template.ts";
import { fillTemplate, readTemplate } from "../../compiler/template.ts";
import { columnText } from "../data/prompts.ts";
import { defineTask, type TaskShape } from "./define.ts";
import { fitTemplate, writtenExample } from "./_written.ts";

export const text_to_text = defineTask({
  word: "text_to_text",
  doc: "A text for a text, both written from columns: `text_to_text(\"cola sentence: {sentence}\" -> \"{label}\")`. An encoder-decoder reads the first and writes the second; a decoder alone has both in one sequence, with loss on the second, behind the words that the prompt ends with, or behind `<eos>` where it ends with a column. Several tasks are mixed: `mixture(text_to_text(…, data: a), 2 * text_to_text(…, data: b))`.",
  parameters: {
    prompt: { type: { type: "prompt" }, doc: "what is read, and what is written", positional: true, required: true },
    data: { type: { type: "data" }, doc: "where its examples come from; absent: the run's data" },
    held_out: { type: { type: "data" }, doc: "what it is measured on, beside its own data; absent: the `valid` part of that, else its `test` part" },
    targets: { type: { type: "integer", minimum: 2 }, doc: "tokens of what is written, `<eos>` among them, at most; absent: `length` beside an encoder, half of it in one sequence" },
    decode: { type: { type: "word", registry: "decoding" }, doc: "how it writes when it is measured", default: "greedy" },
  },
  head: "lm",
  loss: "tokens",
  width: "vocabulary",
  texts: [],
  answers: null,
  gives: "texts",
  metrics: ["exact_match"],
  examples(row, shape) {
    const targets = fitTemplate(promptOf(shape).targets, row, shape.targets - shape.frame.close.length, shape);
    if (targets.tokens === 0 && shape.frame.close.length === 0) return { problem: "there is nothing to write" };
    const room = shape.together ? shape.room - targets.ids.length - shape.frame.close.length : shape.room;
    return [writtenExample(fitTemplate(promptOf(shape).inputs, row, room, shape), targets, shape)];
  },
  question(row, shape) {
    const { before, after } = shape.frame;
    const room = shape.together ? shape.room - shape.targets : shape.room;
    return { prompt: [...before, ...fitTemplate(promptOf(shape).inputs, row, room, shape).ids, ...after], tokens: shape.targets, stop: [] };
  },
  reference: (row, shape) => [fillTemplate(readTemplate(promptOf(shape).targets), (column) => columnText(shape.columns[column], row[column][0])).trim()],
});

function promptOf({ arguments: args }: TaskShape): PlanPrompt {
  return args.prompt as unknown as PlanPrompt;
}
