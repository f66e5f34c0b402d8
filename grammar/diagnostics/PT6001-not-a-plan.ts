// PT6001: the file given as a plan is not one.

import { defineDiagnostic } from "./define.ts";

export const notAPlan = defineDiagnostic<{ file: string; reason: string }>({
  code: "PT6001",
  slug: "not-a-plan",
  severity: "error",
  title: "The file is not a plan",
  message: ({ file, reason }) => `\`${file}\` is not a plan: ${reason}`,
  hint: () => "A plan is written by `pt compile FILE RUN --out plan.json`",
  page: `A plan is the JSON file that \`pt compile\` writes. Its fields are fixed, and its graphs are checked when it is read, so a file that
is cut short, that another program wrote, or that was edited into something else is refused before any data is touched.

Compile the run again with \`pt compile FILE RUN --out plan.json\`, or give the \`.pt\` file itself: \`pt train FILE RUN\`.`,
  failing: { files: { "plan.json": `{ "format": 4, "hash": "", "name": "small" }\n` }, command: ["train", "plan.json"] },
  fixed: { files: { "main.pt": `model tiny(vocab = 64) {\n  decoder { embed: tokens(vocab, 16) }\n  head lm { tied }\n}\n` } },
});
