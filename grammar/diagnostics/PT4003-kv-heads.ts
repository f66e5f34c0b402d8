// PT4003: key/value heads that do not divide the heads.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const kvHeads = defineDiagnostic<{ heads: number; kv_heads: number }>({
  code: "PT4003",
  slug: "kv-heads",
  severity: "error",
  title: "key/value heads that do not divide the heads",
  message: ({ heads, kv_heads }) => `${kv_heads} key/value heads do not divide ${heads} heads`,
  page: "Grouped attention shares one key/value head among heads / kv_heads query heads.",
  failing: tinyModel.replace("attention(2", "attention(4, kv_heads: 3"),
  fixed: tinyModel.replace("attention(2", "attention(4, kv_heads: 2"),
});
