// classify: one class for a text, or for a pair of texts (Devlin et al. 2019, section 4.1).

import { column, defineTask, texts } from "./define.ts";
import { wholeExample } from "./_texts.ts";

export const classify = defineTask({
  word: "classify",
  doc: "One of a few classes for a text, or for a pair of them: `classify([first, second], label)`.",
  parameters: { text: texts("the text, or a list of two"), label: column("its class", "class") },
  head: "classify",
  loss: "class",
  width: "classes",
  texts: ["text"],
  answers: "label",
  gives: "labels",
  metrics: ["accuracy"],
  examples: (row, shape) => [wholeExample(row.text, shape.classes.indexOf(row.label[0] as string), shape)],
  // Labels are compared as ids, so that metrics of a positive class know them by number whatever they are called.
  predict: ([scores]) => scores.indexOf(Math.max(...scores)),
  reference: (row, { classes }) => classes.indexOf(row.label[0] as string),
});
