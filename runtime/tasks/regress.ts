// regress: a number for a text, for a pair of texts, or for an image; the mean squared error is lowered.

import { column, defineTask, textsOrImage } from "./define.ts";
import { wholeExample } from "./_texts.ts";

export const regress = defineTask({
  word: "regress",
  doc: "A number for a text, for a pair of them, `regress([first, second], score)`, or for an image, `regress(image, score)`.",
  parameters: { text: textsOrImage("the text, a list of two, or the image"), value: column("its number", "number") },
  head: "regress",
  loss: "number",
  width: 1,
  texts: ["text"],
  answers: "value",
  gives: "numbers",
  metrics: ["pearson"],
  examples: (row, shape) => [wholeExample(row.text, row.value[0] as number, shape)],
  predict: ([[number]]) => number,
  reference: (row) => row.value[0] as number,
});
