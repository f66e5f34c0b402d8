// PT5071: a task on images on a model of texts, or the reverse.

import { defineDiagnostic } from "./define.ts";
import { imageTask } from "./_image-task-example.ts";

export const otherReader = defineDiagnostic<{ readonly task: string; readonly word: string; readonly model: string; readonly images: boolean }>({
  code: "PT5071",
  slug: "other-reader",
  severity: "error",
  title: "a task on images on a model of texts, or the reverse",
  message: ({ task, model, images }) => `\`${task}\` is about ${images ? "images" : "texts"}, and \`${model}\` reads ${images ? "texts" : "images"} alone`,
  hint: ({ word, images }) => (images ? `use a model that begins with \`patches\`, such as \`vit\`, or name a column of text: \`${word}(text, …)\`` : `use a model that begins with \`tokens\`, such as \`bert\`, or name a column of images: \`${word}(image, …)\``),
  page: "The type of the column that a task names decides what the model has to read: an `image` goes to a stack whose `embed` holds `patches`, a text to one that holds `tokens`. Of a model with both, such as CLIP, a task on images trains the tower of images, and needs no tokenizer.",
  failing: imageTask({ columns: "picture: string  label: class", more: "tokenizer: letters" }),
  fixed: imageTask(),
});
