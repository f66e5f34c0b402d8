// PT4020: more choices than experts.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const topExperts = defineDiagnostic<{ top: number; experts: number }>({
  code: "PT4020",
  slug: "top-experts",
  severity: "error",
  title: "more choices than experts",
  message: ({ top, experts }) => `a token cannot choose ${top} of ${experts} expert${experts === 1 ? "" : "s"}`,
  page: "`moe` sends each token to its `top` most probable experts, two by default; there must be as many.",
  failing: tinyModel.replace(/mlp\([^)]*\)/, "moe(2, 16, silu, top: 3)"),
  fixed: tinyModel.replace(/mlp\([^)]*\)/, "moe(3, 16, silu, top: 3)"),
});
