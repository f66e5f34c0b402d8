// The wanted checkpoint is missing or damaged, and no other may take its place.

import { dataExample } from "./_data-example.ts";
import { smallestPlan, smallestPlanHash } from "./_plan.ts";
import { defineDiagnostic } from "./define.ts";

export const noWholeCheckpoint = defineDiagnostic<{ readonly folder: string; readonly which: string; readonly reason: string; readonly steps: readonly number[] }>({
  code: "PT8104",
  slug: "no-whole-checkpoint",
  severity: "error",
  title: "A checkpoint is missing or damaged.",
  message: (data) => `no ${data.which} checkpoint in \`${data.folder}\`: ${data.reason}`,
  hint: (data) => (data.steps.length > 0 ? `there are checkpoints of the steps ${data.steps.join(", ")}` : "train the run first; where it was trained, its checkpoints are damaged: move the folder `checkpoints` away to begin anew"),
  page: "A run that starts `from` the best checkpoint, or from that of one step, must not silently start from another. Name one that exists, or train the run that it is from again.",
  failing: dataExample({ beside: { "runs/small/plan.json": smallestPlan(smallestPlanHash) }, command: ["generate", "runs/small", "--prompt", "Call me"] }),
  fixed: dataExample(),
});
