// Which of two evaluations is the better one: by the first metric of a task, else by the loss.

import { namedMetrics } from "../../compiler/metric-names.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { metrics as knownMetrics } from "../metrics/index.ts";
import type { MetricValues } from "./evaluate.ts";

/** The best evaluation so far; of a task with its metrics. */
export interface Best { readonly step: number; readonly loss: number; readonly metrics?: MetricValues }

interface Measured { readonly step: number; readonly loss: number; readonly values: MetricValues }

/** `best` itself where the new evaluation is not better. A metric without a value is worse than any, and the loss decides between equal ones. */
export function betterOf(plan: Pick<Plan, "objective" | "evaluation">, best: Best | null, { step, loss, values }: Measured): Best | null {
  if (!Number.isFinite(loss)) return best;
  const isTask = plan.objective.entries.some((entry) => entry.task !== null);
  const found: Best = isTask ? { step, loss, metrics: values } : { step, loss };
  const [first] = isTask ? namedMetrics(plan.evaluation?.metrics ?? []) : [];
  const sign = first && knownMetrics[first.call.word as keyof typeof knownMetrics].better === "higher" ? -1 : 1;
  const of = (one: Pick<Best, "loss" | "metrics">): number => (first && first.call.word !== "loss" ? sign * (one.metrics?.[first.name] ?? -sign * Infinity) : one.loss);
  if (best === null) return found;
  const [was, is] = [of(best), of(found)];
  return is < was || (is === was && loss < best.loss) ? found : best;
}
