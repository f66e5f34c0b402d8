// Loss of held-out data, all of it, in the order of the text: total loss over total count.

import type { Plan } from "../../compiler/plan/schema.ts";
import type { Dataset } from "../data/batch.ts";
import { heldOutMetrics } from "../metrics/_held-out.ts";
import type { Totals } from "../metrics/define.ts";
import type { Feed, Handle, Program, Session } from "../session.ts";
import { batchFeeds, examplesOf } from "./feeds.ts";
import type { Tensors } from "./parameters.ts";
import { uploadAll } from "./parameters.ts";

export type MetricValues = { readonly [metric: string]: number };

/** Metrics of all held-out examples. `program` is of the plan's evaluation graph; `weights` stay the caller's. */
export async function evaluateTotals(session: Session, program: Program, weights: ReadonlyMap<string, Handle>, data: Dataset): Promise<Totals> {
  const examples = examplesOf(program.graph);
  let [nats, count, bytes] = [0, 0, 0];
  for (let first = 0; first < data.examples; first += examples) {
    const batch = data.ordered(first, examples);
    const results = program.run(new Map<string, Feed>([...weights, ...batchFeeds(program.graph, batch, 0)]));
    try {
      nats += (await session.read(results.get("loss_sum")!))[0];
    } finally {
      session.dispose(results.values());
    }
    count += batch.count;
    bytes += batch.bytes;
  }
  return { nats, count, bytes };
}

export function metricValues(totals: Totals, words: readonly string[]): MetricValues {
  return Object.fromEntries(words.map((word) => {
    if (!Object.hasOwn(heldOutMetrics, word)) throw new Error(`no metric \`${word}\` of held-out losses`);
    return [word, heldOutMetrics[word].value(totals)];
  }));
}

/** Evaluates given weights on given data, by the metrics' words. */
export async function evaluatePlan(session: Session, plan: Plan, weights: Tensors, data: Dataset, words: readonly string[]): Promise<MetricValues> {
  const handles = uploadAll(session, weights);
  try {
    return metricValues(await evaluateTotals(session, session.program(plan.graphs.evaluate), handles, data), words);
  } finally {
    session.dispose(handles.values());
  }
}
