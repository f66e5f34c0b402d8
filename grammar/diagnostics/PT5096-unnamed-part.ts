// PT5096: an evaluation that does not say on which part of its data.

import { defineDiagnostic } from "./define.ts";
import { evaluationSpec } from "./_evaluation-example.ts";

const split = "split { train: 50%  test: 50% }";

export const unnamedPart = defineDiagnostic<{ data: string; parts: readonly string[] }>({
  code: "PT5096",
  slug: "unnamed-part",
  severity: "error",
  title: "an evaluation that does not say on which part of its data",
  message: ({ data }) => `\`${data}\` has a \`split\`, and an evaluation says which part it measures`,
  hint: ({ data, parts }) => `write ${parts.map((part) => `\`${data}.${part}\``).join(" or ")}`,
  page: "A source with a split means its `train` part where a run trains on it. To measure on that part is seldom meant, so an evaluation names the part: `data: pairs.test`.",
  failing: evaluationSpec({ split, data: "pairs" }),
  fixed: evaluationSpec({ split, data: "pairs.test" }),
});
