// A comma that separates nothing.

import { defineDiagnostic } from "./define.ts";

export const extraComma = defineDiagnostic({
  code: "PT1113",
  slug: "extra-comma",
  severity: "error",
  title: "A comma that separates nothing",
  message: () => "this comma separates nothing",
  page: `A comma stands between two arguments, elements or statements, not before the first and not twice. Lists have none after the last.`,
  failing: `objective holes(rate = 15%) {
  noise: spans(rate,, mean: 3)
  input: sentinel
  target: sentinel
}
`,
  fixed: `objective holes(rate = 15%) {
  noise: spans(rate, mean: 3)
  input: sentinel
  target: sentinel
}
`,
});
