// What happens when the loss is not finite: stop, skip the batch, or go back to the last checkpoint and leave the batch out.

import type { Plan } from "../../compiler/plan/schema.ts";
import { nonFiniteLoss } from "../../grammar/diagnostics/PT8003-non-finite-loss.ts";
import { tooManyRollbacks } from "../../grammar/diagnostics/PT8004-too-many-rollbacks.ts";
import type { LoadedCheckpoint } from "../checkpoints/checkpoint.ts";
import { listCheckpoints, loadCheckpoint } from "../checkpoints/checkpoint.ts";
import { fileError } from "../files/user-error.ts";
import type { Emit } from "./events.ts";

export interface Guard {
  /** Null: the step is skipped. Else where to go back to; no checkpoint means the beginning. Throws UserError (PT8003, PT8004). */
  failed(step: number, loss: number, skipped: readonly number[]): Promise<{ checkpoint: LoadedCheckpoint | null } | null>;
}

/** After so many the batches are not at fault. */
const mostRollbacks = 10;
const mostSkippedInARow = 10;

export function createGuard(plan: Plan, { folder, emit }: { folder: string; emit: Emit }): Guard {
  return {
    async failed(step, loss, skipped) {
      const first = (step - 1) * plan.batch.examples;
      const last = first + plan.batch.examples - 1;
      const what = `the loss of step ${step} is ${loss} (examples ${first} to ${last})`;
      if (plan.guard === "skip") {
        if (Array.from({ length: mostSkippedInARow }, (_, i) => step - 1 - i).every((earlier) => skipped.includes(earlier))) throw fileError(tooManyRollbacks, folder, { step, times: mostSkippedInARow, what: "steps skipped in a row" });
        emit({ event: "skip", step, to: step, loss, message: `${what}; its update is left out, ${skipped.length + 1} so far` });
        return null;
      }
      if (plan.guard === "rollback") {
        if (skipped.length >= mostRollbacks) throw fileError(tooManyRollbacks, folder, { step, times: skipped.length, what: "rollbacks" });
        const checkpoint = await loadCheckpoint(folder, "last");
        const to = checkpoint?.step ?? 0;
        emit({ event: "rollback", step, to, loss, message: `${what}; back to step ${to}, its batch is left out` });
        return { checkpoint };
      }
      throw fileError(nonFiniteLoss, folder, { step, first, last, loss: String(loss), checkpoint: listCheckpoints(folder).at(-1)?.step ?? null });
    },
  };
}
