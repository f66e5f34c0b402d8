// The contract of a metric of held-out data: a number from totals, never a mean of means.

/** Over all counted positions: summed loss in nats, how many there are, and how many UTF-8 bytes of text they stand for. */
export interface Totals { readonly nats: number; readonly count: number; readonly bytes: number }

export interface MetricDefinition {
  readonly word: string;
  readonly doc: string;
  readonly formula: string;
  readonly better: "lower" | "higher";
  readonly value: (totals: Totals) => number;
}

export function defineMetric(definition: MetricDefinition): MetricDefinition {
  return definition;
}
