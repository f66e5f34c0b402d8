// A unit as a name.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly word: string }

export const unitName = defineDiagnostic<Data>({
  code: "PT1123",
  slug: "unit-name",
  severity: "error",
  title: "A unit as a name",
  message: ({ word }) => `\`${word}\` is a unit and cannot be a name`,
  page: `A unit may follow any number, so a name that is also a unit could be read in two ways.`,
  failing: "mask steps(n) = causal & (query - key < n)\n",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
