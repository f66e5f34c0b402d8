// PT6002: the plan's hash does not match its content.

import { smallestPlan, smallestPlanHash } from "./_plan.ts";
import { defineDiagnostic } from "./define.ts";

const edited = smallestPlan(smallestPlanHash).replace(`"lr":0.001`, `"lr":0.1`);

export const planEdited = defineDiagnostic<{ file: string }>({
  code: "PT6002",
  slug: "plan-edited",
  severity: "error",
  title: "The plan was edited after it was compiled",
  message: ({ file }) => `the hash in \`${file}\` does not match its content: the plan was edited`,
  hint: ({ file }) => `If the edit is meant, renew the hash with \`pt compile --seal ${file}\``,
  page: `The field \`hash\` is the sha256 of everything else in the plan. Runs, checkpoints and reports are filed under it, so a plan
whose hash is not true would mix the results of two different runs.

If you meant to edit the plan, \`pt compile --seal PLAN\` checks it and renews the hash: it is then another run, with a folder of its own.
If you did not, compile it again from its spec.`,
  failing: { files: { "plan.json": edited }, command: ["train", "plan.json"] },
  fixed: { files: { "plan.json": edited }, command: ["compile", "--seal", "plan.json"] },
});
