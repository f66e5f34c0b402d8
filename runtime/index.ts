// The library: what the commands call, typed. Nothing here reads the working folder, the environment or the terminal.

import { check as checkText, noFiles } from "../compiler/check.ts";
import type { CheckResult } from "../compiler/check.ts";
import { compileRun, type CompileOptions, type CompileResult } from "../compiler/compile.ts";
import type { Host } from "../compiler/phases/1-resolve/program.ts";
import type { Plan } from "../compiler/plan/schema.ts";
import { catalog } from "./catalog.ts";
import { fileHost } from "./host.ts";
import { withImports } from "./runs/hosts.ts";
import type { GeneratedText } from "./generation/generate.ts";

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
  if (folder !== undefined) return withImports(fileHost(folder, file), folder);
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

export interface GenerateSettings {
  /** How to choose, in the language's words: `greedy`, `beam(4, length_penalty: 0.6)`, `sample(temperature: 0.8)`, which is the default. */
  readonly decode?: string;
  /** At most this many new ids, where `decode` says nothing; default 100. */
  readonly tokens?: number;
  readonly seed?: number;
  /** So many likeliest ids are noted at each place. */
  readonly alternatives?: number;
  readonly signal?: AbortSignal;
  /** Pieces as they come, by index of the prompt. */
  readonly onText?: (index: number, piece: string) => void;
}

/** A model that generates, in memory. */
export interface OpenModel {
  /** Of a run; null for an import. */
  readonly plan: Plan | null;
  /** Step of a run's checkpoint. */
  readonly step: number | null;
  /** The texts of each prompt, best first. Throws UserError when a prompt is empty, too long or not of this vocabulary. */
  generate(prompts: readonly (string | readonly number[])[], settings?: GenerateSettings): Promise<readonly (readonly GeneratedText[])[]>;
  /** Frees its weights; nothing else of it may be used after that. */
  close(): void;
}

/** Opens the folder of a run, of an import or of Hugging Face (an absolute path). Throws UserError when there is none, no checkpoint, or no head that generates. */
export async function open(folder: string, options: OpenOptions = {}): Promise<OpenModel> {
  const [{ openGenerating }, { readDecoding, stopOf }, { checkPrompts }, { generateTexts }, { chooseBackend }, { openSession }, { uploadAll }] = await Promise.all([
    import("./generation/model.ts"), import("./generation/call.ts"), import("./generation/prompts.ts"), import("./generation/generate.ts"), import("./backends/_choose.ts"), import("./session.ts"), import("./training/parameters.ts"),
  ]);
  const { plan, step, source, weights: tensors, tokenizer, stop, ids } = await openGenerating(folder, { cwd: folder, checkpoint: options.checkpoint });
  const session = await openSession(await chooseBackend(options.backend), { file: folder });
  const weights = uploadAll(session, tensors);
  return {
    plan,
    step,
    async generate(prompts, { decode = "sample", tokens = 100, seed = 0, alternatives = 0, signal, onText } = {}) {
      const decoding = readDecoding(decode);
      const read = prompts.map(ids);
      checkPrompts(read, source, folder);
      return generateTexts(session, source, weights, read, tokenizer, { decoding, tokens, seed, alternatives, signal, stop: stopOf(decoding, stop, tokenizer), ...(onText ? { onText } : {}) });
    },
    close: () => session.dispose(weights.values()),
  };
}
