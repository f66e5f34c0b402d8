// The metrics that held-out data gives as it is: those computed from token losses alone.

import type { AnyMetric, LossMetric } from "./define.ts";
import { metrics } from "./index.ts";

const all: { readonly [word: string]: AnyMetric } = metrics;

export const heldOutMetrics: { readonly [word: string]: LossMetric } = Object.fromEntries(Object.entries(all).filter((entry): entry is [string, LossMetric] => entry[1].from === "losses"));
