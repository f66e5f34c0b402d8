// What an ablation asserts, against what its rows cost.

import type { AblationPlan } from "../../compiler/ablations/plan.ts";
import { unequalRows } from "../../grammar/diagnostics/PT6120-unequal-rows.ts";
import { diagnose, type Diagnostic } from "../../grammar/diagnostics/define.ts";

export interface Asserted { readonly text: string; readonly holds: boolean; readonly detail: string }

/** Each assertion, and a diagnostic for each that does not hold. */
export function assertRows({ spec, rows }: AblationPlan): { readonly asserts: readonly Asserted[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const asserts = spec.asserts.map(({ what, within, text, place }): Asserted => {
    const [baseline] = rows.map((row) => row.quantities[what]);
    const values = rows.map(({ row, quantities }) => {
      const value = quantities[what];
      return { label: row.label, value, holds: value !== null && baseline !== null && Math.abs(value - baseline) <= within * baseline };
    });
    const holds = values.every((value) => value.holds);
    const data = { what, within, rows: values };
    if (!holds) diagnostics.push(diagnose(unequalRows, place, data));
    const shares = values.map(({ value }) => (value === null || baseline === null ? null : value / baseline - 1));
    return { text, holds, detail: holds ? `${what} differ by at most ${Number((100 * Math.max(...shares.map((share) => Math.abs(share ?? 0)))).toPrecision(3))} %` : unequalRows.message(data) };
  });
  return { asserts, diagnostics };
}
