// Sources as a plan holds them, for tests.

import type { PlanFiles } from "../../compiler/plan/schema.ts";

export function fileSource(changes: Partial<PlanFiles> & Pick<PlanFiles, "files">): PlanFiles {
  return { kind: "files", format: "lines", columns: {}, text: "text", clean: [], malformed: 0, split: null, part: null, ...changes };
}
