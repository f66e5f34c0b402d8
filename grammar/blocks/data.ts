// data: where examples come from.

import { defineBlock } from "./define.ts";

export const data = defineBlock({
  word: "data",
  doc: "A source of examples: files with their format and columns, drawn sequences, or a mixture of sources (`data both = mixture(70% * novels, 30% * speeches)`).",
  form: "either",
  relations: ["extends"],
  fields: {
    files: {
      type: { type: "any", of: [{ type: "string", path: true }, { type: "list", of: { type: "string", path: true }, minimum: 1 }] },
      doc: "paths, folders or patterns relative to this file; `npm:package/path/*.txt` for a data package; `.gz` is read as is",
    },
    synthetic: { type: { type: "word", registry: "synthetic" }, doc: "token ids that are drawn, instead of files; a run on them needs no tokenizer" },
    format: {
      type: {
        type: "choice",
        words: {
          text: "a file is one document", lines: "a line is one document", json: "a file is a JSON array of objects", jsonl: "a line is one JSON object", csv: "comma-separated values (RFC 4180)", tsv: "values between tabs, without quotes",
          parquet: "Apache Parquet", idx: "images and labels as MNIST has them",
        },
      },
      doc: "how a file is read",
      default: "text",
    },
    columns: { type: { type: "map", keys: "columns", of: { type: "word", registry: "column" } }, doc: "what is read of each row of a table, by names of our own: `columns { text: string(column: \"Review Text\")  label: class }`; without it one text called `text`" },
    clean: {
      type: { type: "any", of: [{ type: "word", registry: "cleaner" }, { type: "list", of: { type: "word", registry: "cleaner" } }] },
      doc: "rules that documents must pass, in their order: `c4`, `c4(without: [english])` or a list; `[]` turns all off",
      default: "[]",
    },
    malformed: { type: { type: "rate" }, doc: "share of rows that may be malformed; they are left out and shown, and above it reading stops", default: "0%" },
    split: {
      type: {
        type: "section",
        fields: {
          by: { type: { type: "choice", words: { document: "whole documents; equal ones go to the same part", position: "places within each document, for corpora of few files" } }, doc: "what is dealt out", default: "document" },
          train: { type: { type: "rate" }, doc: "share to train on", required: true },
          valid: { type: { type: "rate" }, doc: "share to choose by", default: "0" },
          test: { type: { type: "rate" }, doc: "share to report on", default: "0" },
        },
      },
      doc: "parts that share no example; their shares sum to 100 %",
    },
  },
  exactly_one: [["files", "synthetic"]],
  example: 'data novels { files: "texts/*.txt"  format: text  split { train: 90%  valid: 5%  test: 5% } }',
});
