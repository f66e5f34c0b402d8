// `format: text`: a file is one document, every character of it.

import { defineSource } from "./define.ts";

export const text = defineSource({
  word: "text",
  doc: "A file is one document, read as it stands.",
  async *documents(file) {
    const pieces: string[] = [];
    for await (const piece of file.text()) pieces.push(piece);
    const document = pieces.join("");
    if (document !== "") yield document;
  },
});
