// PT4002: heads that do not divide the width.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const headsWidth = defineDiagnostic<{ heads: number; width: number }>({
  code: "PT4002",
  slug: "heads-width",
  severity: "error",
  title: "heads that do not divide the width",
  message: ({ heads, width }) => `${heads} heads do not divide the width ${width}`,
  hint: () => "choose heads that divide the width, or give `head_width`",
  page: "Each head gets width / heads features, unless `head_width` says otherwise.",
  failing: tinyModel.replace("attention(2", "attention(3"),
  fixed: tinyModel,
});
