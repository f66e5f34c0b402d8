// PT3012: a fraction where a whole number is wanted.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const fraction = defineDiagnostic<{ value: number; text: string }>({
  code: "PT3012",
  slug: "fraction",
  severity: "error",
  title: "a fraction where a whole number is wanted",
  message: ({ value, text }) => `a whole number is wanted, but \`${text}\` is ${value}`,
  page: "Sizes and counts are whole numbers. A quotient such as `width / heads` must come out even.",
  failing: tinyModel.replace("8", "8.5"),
  fixed: tinyModel,
});
