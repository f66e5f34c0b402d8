// The runs that a run needs.

import type { RunSpec } from "../../compiler/run-spec.ts";

/** The run and all that it starts or learns from, each after those that it needs itself. */
export function neededRuns(run: RunSpec): RunSpec[] {
  const found = new Set<RunSpec>();
  const visit = (one: RunSpec): void => {
    for (const earlier of [...(one.from ? [one.from.run] : []), ...one.teachers.map((teacher) => teacher.run)]) visit(earlier);
    found.add(one);
  };
  visit(run);
  return [...found];
}
