// The resolved text of a row or run, compiled again as far as pictures need it.

import { check, type CheckResult } from "../../compiler/check.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import { catalog } from "../catalog.ts";
import type { Subject } from "./_subject.ts";

export interface Resolved { readonly result: CheckResult; readonly run: RunSpec | null }

/** Null where the text no longer compiles, as one of another version may. */
export function resolvedSpec(spec: string): Resolved | null {
  const result = check(spec, catalog, { file: "spec.pt" });
  if (result.diagnostics.some(({ severity }) => severity === "error")) return null;
  return { result, run: [...result.runs.values()].at(-1) ?? null };
}

/** Resolved texts with the labels of their rows, equal texts once. */
export function specsOf(subject: Subject): { readonly spec: string; readonly labels: readonly string[] }[] {
  if (subject.kind === "runs") return [];
  const given = subject.kind === "run" ? (subject.run.plan ? [{ spec: subject.run.plan.spec, label: subject.run.name }] : []) : subject.summary.rows.map(({ row }) => ({ spec: row.spec, label: row.label }));
  const texts = new Map<string, string[]>();
  for (const { spec, label } of given) if (spec.trim()) texts.set(spec, [...(texts.get(spec) ?? []), label]);
  return [...texts].map(([spec, labels]) => ({ spec, labels }));
}

/** `all rows`, `A, B and C`, `A, B and 12 more`. */
export function labelsText(labels: readonly string[], all: number): string {
  if (labels.length > 1 && labels.length === all) return "all rows";
  if (labels.length > 4) return `${labels.slice(0, 3).join(", ")} and ${labels.length - 3} more`;
  return labels.length > 1 ? `${labels.slice(0, -1).join(", ")} and ${labels.at(-1)}` : labels.join("");
}
