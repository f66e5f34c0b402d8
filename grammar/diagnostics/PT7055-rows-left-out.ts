// Malformed rows within the share that a source allows.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const rowsLeftOut = defineDiagnostic<{ readonly malformed: number; readonly rows: number; readonly first: readonly string[]; /** Of a mixture, the one that cannot use them. */ readonly task?: string }>({
  code: "PT7055",
  slug: "rows-left-out",
  severity: "warning",
  title: "Malformed rows were left out.",
  message: ({ malformed, rows, first, task }) => `${task === undefined ? "" : `for the task \`${task}\` `}${malformed} of ${rows} rows ${malformed === 1 ? "is" : "are"} malformed and left out: ${first.join("; ")}${malformed > first.length ? "; …" : ""}`,
  page: "The source allows some malformed rows (`malformed: 1%`). They are in no example; the numbers and the first of them are shown, so that a fault of the files does not hide.",
  failing: dataExample({ format: "jsonl", split: "malformed: 40%", beside: { "data.txt": '{"text": "Call me Ishmael."}\n{"text": "Some years ago.\n{"text": "Never mind how long."}\n' } }),
  fixed: dataExample({ format: "jsonl", split: "malformed: 40%", beside: { "data.txt": '{"text": "Call me Ishmael."}\n{"text": "Some years ago."}\n{"text": "Never mind how long."}\n' } }),
});
