// `image`: bytes by row, column and channel.

import { defineColumn, shown, type Image } from "./define.ts";

export const image = defineColumn({
  word: "image",
  doc: "An image, from files of `format: idx`.",
  parameters: {},
  text: false,
  formats: ["idx"],
  read: (value) => (typeof value === "object" && value !== null && "data" in value ? { value: value as Image } : { problem: `${shown(value)} is no image` }),
});
