// PT6003: the plan's format is newer than this program.

import { defineDiagnostic } from "./define.ts";

export const planTooNew = defineDiagnostic<{ format: number; current: number }>({
  code: "PT6003",
  slug: "plan-too-new",
  severity: "error",
  title: "The plan's format is newer than this program",
  message: ({ format, current }) => `the plan has format ${format}; this program reads up to format ${current}`,
  hint: () => "Install a newer ptarmigan, or compile the spec again with this one",
  page: `Older plans are brought up to date when they are read. A plan of a newer format may hold what this program does not know,
and guessing would train something else, so it is refused.

Install a newer version with \`npm install ptarmigan@latest\`. Or compile again with this one: the plan's field \`spec\` holds the whole text of the run.`,
  failing: { files: { "plan.json": `{ "format": 1000, "hash": "", "name": "small" }\n` }, command: ["train", "plan.json"] },
  fixed: { files: { "main.pt": `model tiny(vocab = 64) {\n  decoder { embed: tokens(vocab, 16) }\n  head lm { tied }\n}\n` } },
});
