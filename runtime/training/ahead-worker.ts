// The thread that makes batches ahead: opens the run's data as the run did, and answers each wish with its batch.

import { parentPort, workerData } from "node:worker_threads";
import { openTokenizer } from "../data/tokenizer.ts";
import { UserError } from "../files/user-error.ts";
import type { Answer, Wanted, WorkerTask } from "./ahead.ts";
import { hashOfTokenizer, openTrainingData } from "./inputs.ts";

const { plan, base, cache, fingerprints } = workerData as WorkerTask;
const answer = (message: Answer, moved: ArrayBuffer[] = []): void => parentPort!.postMessage(message, moved);

try {
  const tokenizer = await openTokenizer(plan.tokenizer!, { base, cache });
  const data = await openTrainingData(plan, tokenizer, { base, cache });
  if (data.fingerprint !== fingerprints.data || hashOfTokenizer(tokenizer) !== fingerprints.tokenizer) answer({ kind: "failed", reason: "the files have changed since the run began to read them" });
  else {
    parentPort!.on("message", ({ first, count }: Wanted) => {
      try {
        const batch = data.batch(first, count);
        answer({ kind: "batch", first, batch }, [...batch.fields.values()].map((field) => field.data.buffer as ArrayBuffer));
      } catch (error) {
        answer({ kind: "failed", reason: reasonOf(error) });
      }
    });
    answer({ kind: "ready" });
  }
} catch (error) {
  answer({ kind: "failed", reason: reasonOf(error) });
}

function reasonOf(error: unknown): string {
  return error instanceof UserError ? error.diagnostics.map(({ code, message, file, start }) => `${code} ${file}:${start.line}: ${message}`).join("; ") : String(error);
}
