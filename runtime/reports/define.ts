// The contract of a report's section: for which subjects it has something to say, and what, as blocks.

import type { Block } from "./_blocks.ts";
import type { Subject } from "./_subject.ts";

export interface ReportSection {
  readonly title: string;
  /** Sections come in this order. */
  readonly order: number;
  readonly applies: (subject: Subject) => boolean;
  /** Called only where it applies; pictures load their library. No blocks: no section. */
  readonly blocks: (subject: Subject) => Promise<readonly Block[]> | readonly Block[];
}

export function defineSection(section: ReportSection): ReportSection {
  return section;
}
