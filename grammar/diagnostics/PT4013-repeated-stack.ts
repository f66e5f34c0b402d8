// PT4013: two stacks of one name.

import { defineDiagnostic } from "./define.ts";

export const repeatedStack = defineDiagnostic<{ name: string; word: string; named: boolean }>({
  code: "PT4013",
  slug: "repeated-stack",
  severity: "error",
  title: "two stacks of one name",
  message: ({ name, word, named }) => (named ? `a second stack is called \`${name}\`` : `a second \`${word}\` needs a name: \`${word} image { … }\``),
  page: "Stacks are told apart by their names in checkpoints, heads and batches. The first of a kind may go without one; a second needs a name, as in `encoder image { … }`.",
  failing: `model tiny(width = 8) { encoder { embed: tokens(300, width) } encoder { embed: tokens(300, width) } }
`,
  fixed: `model tiny(width = 8) { encoder { embed: tokens(300, width) } encoder second { embed: tokens(300, width) } }
`,
});
