// PT5070: images are normalized for other channels than the model reads.

import { defineDiagnostic } from "./define.ts";
import { imageRun } from "./_image-example.ts";

export const imageChannels = defineDiagnostic<{ readonly column: string; readonly values: number; readonly channels: number }>({
  code: "PT5070",
  slug: "image-channels",
  severity: "error",
  title: "images normalized for another number of channels",
  message: ({ column, values, channels }) => `the images of \`${column}\` are normalized with ${values} means, and the model reads ${channels} ${channels === 1 ? "channel" : "channels"}`,
  hint: ({ channels }) => `use \`normalize: half\`, one number for all channels, or a list of ${channels}: \`image(mean: …, std: …)\``,
  page: "Each channel of an image has a mean and a standard deviation of its own, or one stands for all of them. `normalize: clip` and `normalize: imagenet` are published for the three channels red, green and blue; a model of grey images (`patches(…, channels: 1)`) needs others.",
  failing: { files: imageRun({ columns: "picture: image(normalize: clip)  caption: string" }), command: ["check", "main.pt"] },
  fixed: { files: imageRun({ columns: "picture: image(normalize: clip)  caption: string", channels: 3 }), command: ["check", "main.pt"] },
});
