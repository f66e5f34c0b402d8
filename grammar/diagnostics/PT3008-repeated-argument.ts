// PT3008: an argument given twice.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const repeatedArgument = defineDiagnostic<{ name: string; callee: string }>({
  code: "PT3008",
  slug: "repeated-argument",
  severity: "error",
  title: "an argument given twice",
  message: ({ name, callee }) => `\`${name}\` is given to \`${callee}\` twice`,
  hint: () => "keep one of them",
  page: "One of the two would silently win. Keep the one that is meant.",
  failing: tinyModel.replace("causal", "causal, mask: full"),
  fixed: tinyModel,
});
