// More rows of a source are malformed than it allows.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const malformedRows = defineDiagnostic<{ readonly malformed: number; readonly rows: number; readonly allowed: number; readonly first: readonly string[] }>({
  code: "PT7050",
  slug: "malformed-rows",
  severity: "error",
  title: "More rows are malformed than the source allows.",
  message: ({ malformed, rows, first }) => `${malformed} of ${rows} rows ${malformed === 1 ? "is" : "are"} malformed: ${first.join("; ")}${malformed > first.length ? "; …" : ""}`,
  hint: ({ allowed, malformed, rows }) => `mend them, or let some be left out: \`malformed: ${Math.ceil((1000 * malformed) / rows) / 10}%\`${allowed === 0 ? "" : ` (it is ${100 * allowed}%)`}`,
  page: "A row is malformed when it is not what its format and its columns say: broken JSON, too few or too many columns, a number that is none, a class that is not among the named ones, bytes that are not UTF-8. None is let in and none is dropped silently: reading stops when their share of all rows is above `malformed`, which is 0 % unless the source says otherwise; below it they are left out, counted and shown.",
  failing: dataExample({ format: "jsonl", beside: { "data.txt": '{"text": "Call me Ishmael."}\n{"text": "Some years ago.\n{"text": "Never mind how long."}\n' } }),
  fixed: dataExample({ format: "jsonl", beside: { "data.txt": '{"text": "Call me Ishmael."}\n{"text": "Some years ago."}\n{"text": "Never mind how long."}\n' } }),
});
