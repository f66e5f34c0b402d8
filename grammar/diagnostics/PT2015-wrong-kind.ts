// PT2015: a name of something else.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const wrongKind = defineDiagnostic<{ name: string; is: string; wanted: string }>({
  code: "PT2015",
  slug: "wrong-kind",
  severity: "error",
  title: "a name of something else",
  message: ({ name, is, wanted }) => `\`${name}\` is ${is}, but ${wanted} is wanted here`,
  page: "Every place wants one type of thing. The name is known, but nothing of the wanted type has it.",
  failing: tinyModel.replace("gelu", "causal"),
  fixed: tinyModel,
});
