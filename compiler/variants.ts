// Further runs that one `finetune` asks for: the same from random weights, and the same with fewer labelled examples.

import type { RunSpec } from "./run-spec.ts";
import type { Value } from "./phases/2-check/values.ts";

export interface Variant {
  readonly run: RunSpec;
  /** Labelled examples that it is trained on; null: all. */
  readonly examples: number | null;
  /** From random weights, not from the run's `from`. */
  readonly scratch: boolean;
}

/** All runs of a declaration: the run itself, then what it is compared with. Only itself where it asks for nothing else. */
export function variantsOf(run: RunSpec): Variant[] {
  const { scratch, curve, examples: own } = run.variants;
  const counts: (number | null)[] = [own, ...[...new Set(curve)].sort((a, b) => b - a)];
  return counts.flatMap((examples) => [false, ...(scratch ? [true] : [])].map((fresh) => ({ run: variant(run, examples, fresh), examples, scratch: fresh })));
}

function variant(run: RunSpec, examples: number | null, scratch: boolean): RunSpec {
  if (examples === run.variants.examples && !scratch) return run;
  const { compare_with: _, ...values } = run.values;
  const number: Value = { kind: "number", value: examples ?? 0, unit: null, percent: false, origin: { how: "default", place: null, note: "a point of the learning curve" } };
  const { examples: __, ...rest } = values;
  return {
    ...run,
    name: `${run.name}${examples === run.variants.examples ? "" : `_${examples}`}${scratch ? "_scratch" : ""}`,
    // A declaration of its own: the resolved text of a plan holds one run of each.
    declared: { ...run.declared },
    from: scratch ? null : run.from,
    imported: scratch ? null : run.imported,
    values: examples === null ? rest : { ...rest, examples: number },
    variants: { scratch: false, curve: [], examples },
    objective: { ...run.objective, entries: run.objective.entries.map((entry) => (entry.task ? { ...entry, task: { ...entry.task, examples } } : entry)) },
  };
}
