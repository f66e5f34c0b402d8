// PT7041: a contrastive run on data without images.

import { defineDiagnostic } from "./define.ts";
import { imageRun } from "./_image-example.ts";

export const noImages = defineDiagnostic<{ readonly objective: string; readonly columns: readonly string[] }>({
  code: "PT7041",
  slug: "no-images",
  severity: "error",
  title: "A contrastive run on data without images.",
  message: ({ objective, columns }) => `\`${objective}\` reads an image with every text, and this source has ${columns.length ? `the columns ${columns.map((column) => `\`${column}\``).join(", ")}` : "texts alone"}`,
  hint: ({ columns }) => (columns.length > 1 ? "add a column of images, or call one of several `image`: `picture: image`" : "give it a column of images: `columns { picture: image  caption: string }`, in jsonl, csv, tsv or parquet"),
  page: "A contrastive objective sets images against texts, so its data is a table with a column of type `image` and one of text. The column of images is the only one, or the one called `image`; what stands in it is the path of a file, or the file itself.",
  failing: { files: imageRun({ columns: "caption: string" }), command: ["check", "main.pt"] },
  fixed: { files: imageRun({}), command: ["check", "main.pt"] },
});
