// classify: one class for a text, for a pair of texts (Devlin et al. 2019, section 4.1), or for an image (Dosovitskiy et al. 2021, section 3.1).

import { column, defineTask, textsOrImage } from "./define.ts";
import { wholeExample } from "./_texts.ts";

export const classify = defineTask({
  word: "classify",
  doc: "One of a few classes for a text, for a pair of them, `classify([first, second], label)`, or for an image, `classify(image, label)`.",
  parameters: { text: textsOrImage("the text, a list of two, or the image"), label: column("its class", "class") },
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
