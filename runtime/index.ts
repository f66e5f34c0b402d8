// The library: what the commands call, typed. Nothing here reads the working folder, the environment or the terminal.

import { check as checkText, noFiles } from "../compiler/check.ts";
import type { CheckResult } from "../compiler/check.ts";
import { compileRun, type CompileOptions, type CompileResult } from "../compiler/compile.ts";
import type { Host } from "../compiler/phases/1-resolve/program.ts";
import type { Plan } from "../compiler/plan/schema.ts";
import { catalog } from "./catalog.ts";
import { fileHost } from "./host.ts";
import type { GeneratedText } from "./training/generate.ts";

export { format } from "../grammar/format.ts";
export type { Diagnostic, Edit, Fix, Position, Related, Severity } from "../grammar/diagnostics/define.ts";
export type { CheckResult } from "../compiler/check.ts";
export type { CompileResult } from "../compiler/compile.ts";
export type { Host } from "../compiler/phases/1-resolve/program.ts";
export type { Plan, PlanParameter } from "../compiler/plan/schema.ts";
export type { RunSpec } from "../compiler/run-spec.ts";
export { UserError } from "./files/user-error.ts";
export { catalog } from "./catalog.ts";
export { version } from "./version.ts";

export interface TextOptions {
  /** What the text is called in diagnostics, relative to `folder`; imports and paths are relative to it. */
  readonly file?: string;
  /** Where imported files are read. Without it only the specs that come with Ptarmigan can be imported. */
  readonly folder?: string;
  /** Reads imports instead of `folder`. */
  readonly host?: Host;
}

/** All diagnostics of a text, and its runs. */
export function check(text: string, options: TextOptions = {}): CheckResult {
  const file = options.file ?? "main.pt";
  return checkText(text, catalog, { file, host: hostOf(options, file) });
}

/** The plan of a run of a text, or why there is none. `run` may be left out when the text has one. */
export function compile(text: string, options: TextOptions & Pick<CompileOptions, "run" | "onFire"> = {}): CompileResult {
  return compileRun(check(text, options), options.run, options.onFire);
}

function hostOf({ host, folder }: TextOptions, file: string): Host {
  if (host) return host;
  if (folder !== undefined) return fileHost(folder, file);
  const shipped = fileHost("/", file);
  const isShipped = (name: string): boolean => name.startsWith("ptarmigan/");
  return { read: (name) => (isShipped(name) ? shipped.read(name) : undefined), resolve: (from, specifier) => (isShipped(specifier) || isShipped(from) ? shipped.resolve(from, specifier) : noFiles.resolve(from, specifier)) };
}

export interface OpenOptions {
  /** `native`, `wasm`, …; the fastest that runs here by default. */
  readonly backend?: string;
  /** `best`, `last` or a step; by default the best where the run evaluated, else the last. */
  readonly checkpoint?: string;
}

export interface GenerateSettings { readonly tokens?: number; readonly temperature?: number; readonly top_k?: number | null; readonly top_p?: number | null; readonly seed?: number; readonly signal?: AbortSignal; /** Pieces as they come, by index of the prompt. */ readonly onText?: (index: number, piece: string) => void }

/** A trained run in memory. */
export interface OpenRun {
  readonly plan: Plan;
  /** Step of its checkpoint. */
  readonly step: number;
  generate(prompts: readonly (string | readonly number[])[], settings?: GenerateSettings): Promise<readonly GeneratedText[]>;
  /** Frees its weights; nothing else of it may be used after that. */
  close(): void;
}

/** Opens the folder of a run (an absolute path). Throws UserError when there is none, or no checkpoint. */
export async function open(folder: string, options: OpenOptions = {}): Promise<OpenRun> {
  const [{ trainedRun }, { chosenCheckpoint, tokenizerIn }, { chooseBackend }, { openSession }, { uploadAll }, { generateTexts, generationOf }] = await Promise.all([
    import("./runs/open.ts"), import("./runs/trained.ts"), import("./backends/_choose.ts"), import("./session.ts"), import("./training/parameters.ts"), import("./training/generate.ts"),
  ]);
  const { plan } = await trainedRun(folder, { cwd: folder, run: undefined, out: "runs" });
  const loaded = await chosenCheckpoint(folder, options.checkpoint);
  const tokenizer = await tokenizerIn(folder);
  const session = await openSession(await chooseBackend(options.backend), { file: folder });
  const weights = uploadAll(session, loaded.weights);
  return {
    plan,
    step: loaded.state.step as number,
    generate: (prompts, { tokens = 100, temperature = 1, top_k = null, top_p = null, seed = 0, signal = new AbortController().signal, onText } = {}) =>
      generateTexts(session, generationOf(plan), weights, prompts, tokenizer, { tokens, temperature, top_k, top_p, seed, signal, ...(onText ? { onText } : {}) }),
    close: () => session.dispose(weights.values()),
  };
}
