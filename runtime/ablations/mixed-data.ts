// Whether the finished jobs of an ablation read the same files in the same state.

import { join } from "node:path";
import { canonical } from "../../compiler/plan/canonical.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { mixedData } from "../../grammar/diagnostics/PT7093-mixed-data.ts";
import { fileDiagnostic } from "../files/user-error.ts";
import { runName } from "../training/run-folder.ts";
import { readJson } from "./finished.ts";

/** One warning for each source of which runs in `out` have different fingerprints. */
export function mixedDataOf(out: string, plans: readonly Pick<Plan, "name" | "hash" | "data">[]): Diagnostic[] {
  /** By data and source, then by fingerprint. */
  const seen = new Map<string, { readonly source: string; readonly groups: Map<string, string[]> }>();
  for (const plan of plans) {
    // The data of a mixture of tasks are those of its tasks.
    if (plan.data === null) continue;
    const run = runName(plan);
    const sources = (readJson(join(out, run, "data.json"))?.["sources"] ?? []) as readonly { readonly source: string; readonly fingerprint: string }[];
    sources.forEach(({ source, fingerprint }, i) => {
      const key = `${i} ${canonical(plan.data)}`;
      if (!seen.has(key)) seen.set(key, { source, groups: new Map() });
      const { groups } = seen.get(key)!;
      groups.set(fingerprint, [...(groups.get(fingerprint) ?? []), run]);
    });
  }
  return [...seen.values()].filter(({ groups }) => groups.size > 1).map(({ source, groups }) => fileDiagnostic(mixedData, source, { source, groups: [...groups.values()] }));
}
