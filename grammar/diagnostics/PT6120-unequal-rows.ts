// PT6120: an assertion of an ablation that does not hold.

import { ablationExample } from "./_ablation-example.ts";
import { defineDiagnostic } from "./define.ts";

export const unequalRows = defineDiagnostic<{ what: string; within: number; rows: readonly { label: string; value: number | null; holds: boolean }[] }>({
  code: "PT6120",
  slug: "unequal-rows",
  severity: "error",
  title: "rows of an ablation that should be equal and are not",
  message: ({ what, within, rows }) => `${what} are not equal${within ? ` within ${percent(within)}` : ""}: ${rows.map(({ label, value, holds }) => `\`${label}\` ${value === null ? "unknown" : grouped(value)}${holds ? "" : ` (${difference(value, rows[0].value)})`}`).join(", ")}`,
  hint: () => "change the rows (`train: … tokens`, the number of layers) until their budgets agree, or widen `within`",
  page: "`assert: equal(flops, within: 5%)` compares each row with the baseline before anything is run. `flops` and `tokens` are those of a row's own training; where steps follow from the data (`epochs`) they are not known before it is read, and the assertion fails.",
  failing: { files: { "main.pt": ablationExample({ more: "assert: equal(parameters, within: 5%)" }) }, command: ["plan", "main.pt", "sizes"] },
  fixed: { files: { "main.pt": ablationExample({ more: "assert: equal(tokens)" }) }, command: ["plan", "main.pt", "sizes"] },
});

const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`;

function difference(value: number | null, baseline: number | null): string {
  if (value === null || baseline === null) return "not known before the data is read";
  const share = value / baseline - 1;
  return `${share > 0 ? "+" : "−"}${Number((100 * Math.abs(share)).toPrecision(3))} %`;
}
