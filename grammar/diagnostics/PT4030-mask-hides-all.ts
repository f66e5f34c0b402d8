// PT4030: a mask under which nobody sees anything.

import { defineDiagnostic } from "./define.ts";

const model = (mask: string): string => `model tiny(width = 8) { decoder { embed: tokens(300, width) attention(2, mask: ${mask}) } }\n`;

export const maskHidesAll = defineDiagnostic<{ mask: string }>({
  code: "PT4030",
  slug: "mask-hides-all",
  severity: "error",
  title: "a mask under which no query sees any key",
  message: ({ mask }) => `under \`${mask}\` no query sees any key, at any length`,
  hint: () => "two of its conditions exclude each other; `pt show FILE 'MASK'` draws a mask",
  page: `A query that sees no key gets zeros from attention. Where that is so of every query, the layer does nothing, and no length, prefix or document changes it.

What is looked at are comparisons of \`query\`, \`key\`, \`prefix\` and whole numbers; conditions with \`mod\`, \`length\`, products or quotients are taken to hold. A mask that hides everything from some queries only is a warning, PT4031.`,
  failing: model("causal & query < key"),
  fixed: model("causal & query - key < 4"),
});
