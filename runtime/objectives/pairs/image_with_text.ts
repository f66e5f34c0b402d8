// image_with_text: an image and its text, told apart from the others of the batch (Radford et al. 2021, CLIP).

import { definePair } from "./define.ts";

export const image_with_text = definePair({
  word: "image_with_text",
  doc: "An image and its text; the other pairs of the batch are the wrong answers.",
  parameters: {},
  with: "image",
  tokens: [],
  classes: 0,
  strangers: false,
  draw: null,
});
