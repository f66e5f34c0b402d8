// PT3011: an argument named like another parameter than the one it would fill.

import { defineDiagnostic } from "./define.ts";

export const positionalClash = defineDiagnostic<{ word: string; slot: string; callee: string }>({
  code: "PT3011",
  slug: "positional-clash",
  severity: "error",
  title: "an argument named like another parameter than the one it would fill",
  message: ({ word, slot, callee }) => `\`${word}\` stands in the place of \`${slot}\`, but \`${callee}\` has a parameter \`${word}\``,
  hint: ({ word }) => `write \`${word}: ${word}\``,
  page: "In `attention(heads, kv_heads)` the second value would fill another parameter than the one it is named after. Give it by name.",
  failing: `model tiny(width = 8, heads = 2, kv_heads = 2) {
  decoder {
    embed: tokens(300, width)
    residual { attention(kv_heads, heads: heads, mask: causal) }
  }
}
`,
  fixed: `model tiny(width = 8, heads = 2, kv_heads = 2) {
  decoder {
    embed: tokens(300, width)
    residual { attention(heads, kv_heads: kv_heads, mask: causal) }
  }
}
`,
});
