// PT8045: a result.json that a report cannot read.

import { defineDiagnostic } from "./define.ts";

export const damagedResult = defineDiagnostic<{ file: string; reason: string }>({
  code: "PT8045",
  slug: "damaged-result",
  severity: "error",
  title: "A file of results cannot be read.",
  message: ({ file, reason }) => `\`${file}\` holds no results that can be reported: ${reason}`,
  hint: () => "the same command that made the folder writes the file anew: what was trained is not trained again",
  page: "`pt report DIR` reads what runs left behind: `result.json` of an ablation, or `plan.json`, `metrics.jsonl` and what lies beside them for a run. A file that was cut off, or edited into something else, is refused rather than reported in part.",
  failing: { files: { "runs/table/result.json": "{ \"name\": \"table\"" }, command: ["report", "runs/table"] },
  fixed: { files: { "runs/table/result.json": emptyResult() }, command: ["report", "runs/table", "--format", "markdown"] },
});

function emptyResult(): string {
  return JSON.stringify({ name: "table", file: "main.pt", spec: "", hash: "0".repeat(64), machine: { cpu: "", cores: 1, backend: "cpu", version: "" }, started: null, seconds: 0, seeds: [], axes: [], measures: [], rows: [], published: null, fit: null, asserts: [] });
}
