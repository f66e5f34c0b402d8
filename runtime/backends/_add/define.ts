// The contract of a recipe: the steps in which `pt backends add` fetches and builds a backend.

export interface StepContext {
  /** The backend's own folder; a step writes nowhere else. */
  readonly folder: string;
  readonly gpu: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Says how far the step is; shown on a terminal. */
  readonly show: (text: string) => void;
}

export interface Step {
  /** What it does, as progress shows it. */
  readonly title: string;
  /** Paths in the folder that it makes. They are removed before it runs, so that what an interrupted run left does no harm. */
  readonly makes: readonly string[];
  /** What it makes is only for the next step, and is removed after that. */
  readonly temporary?: boolean;
  /** Throws `AddProblem` for what the user can mend. */
  readonly run: (context: StepContext) => Promise<void>;
}

export interface Recipe {
  readonly word: string;
  /** Versions and layout: a folder made by another recipe is made anew. */
  readonly version: string;
  /** What it costs, in words: to fetch and on disk. */
  readonly cost: string;
  /** Bytes that must be free at the beginning. */
  readonly space: (gpu: boolean) => number;
  /** Whether `--gpu` means anything. */
  readonly gpu: boolean;
  /** Why it cannot be added on this machine, in words; null when it can. */
  readonly impossible: () => string | null;
  readonly steps: (gpu: boolean) => readonly Step[];
}

/** Why a backend could not be added, and what helps. Becomes PT8020. */
export class AddProblem extends Error {
  readonly help: string;
  constructor(problem: string, help: string) {
    super(problem);
    this.name = "AddProblem";
    this.help = help;
  }
}
