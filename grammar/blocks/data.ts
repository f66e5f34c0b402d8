// data: where examples come from.

import { defineBlock } from "./define.ts";

export const data = defineBlock({
  word: "data",
  doc: "A source of examples: files, their format and how they are split.",
  form: "either",
  relations: ["extends"],
  fields: {
    files: {
      type: { type: "any", of: [{ type: "string", path: true }, { type: "list", of: { type: "string", path: true }, minimum: 1 }] },
      doc: "paths or patterns relative to this file; `npm:package/path/*.txt` for a data package; `.gz` is read as is",
      required: true,
    },
    format: { type: { type: "choice", words: { text: "a file is one document", lines: "a line is one document" } }, doc: "how a file is read", default: "text" },
    split: {
      type: {
        type: "section",
        fields: {
          by: { type: { type: "choice", words: { document: "whole documents", position: "places within each document, for corpora of few files" } }, doc: "what is dealt out", default: "document" },
          train: { type: { type: "rate" }, doc: "share to train on", required: true },
          valid: { type: { type: "rate" }, doc: "share to choose by", default: "0" },
          test: { type: { type: "rate" }, doc: "share to report on", default: "0" },
        },
      },
      doc: "parts that share no example; their shares sum to 100 %",
    },
  },
  example: 'data novels { files: "texts/*.txt"  format: text  split { train: 90%  valid: 5%  test: 5% } }',
});
