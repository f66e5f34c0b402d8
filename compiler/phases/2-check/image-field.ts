// The images of a run: the stack that reads them, their size, and the column that they come from.

import { streamInput, type Architecture } from "../../architecture.ts";
import type { PlanImages } from "../../objectives/plan.ts";
import type { PlanSource } from "../../plan/schema.ts";
import { imageColumn, leavesOfSource } from "../../plan/source.ts";
import { stackSize } from "../../sizes.ts";

/** Of an architecture that has a stack of images; the size is what its table of positions has rows for. `named`: the column that a task names; `column` is empty where the data has none (PT7041). */
export function imageField(architecture: Architecture, data: PlanSource, named?: string): PlanImages {
  const stack = architecture.stacks.find(({ reads }) => reads === "pixels")!;
  const { length, image } = stackSize(stack, 0);
  const [column = ""] = leavesOfSource(data).flatMap((leaf) => (leaf.kind === "files" ? (imageColumn(leaf, named)?.name ?? []) : []));
  return { prefix: streamInput(architecture, stack, ""), ...image!, positions: length, column };
}
