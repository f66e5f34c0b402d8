// What a command line names, as plans: a spec and one of its runs, a plan's file, or the folder of a run.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { check, chosenRun, compileRun, type CheckResult } from "../../compiler/compile.ts";
import { emit } from "../../compiler/phases/6-emit.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import { missingFile } from "../../grammar/diagnostics/PT7020-missing-file.ts";
import { variantsOf } from "../../compiler/variants.ts";
import { noRunFolder } from "../../grammar/diagnostics/PT8010-no-run-folder.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { catalog } from "../catalog.ts";
import { fileError, UserError } from "../files/user-error.ts";
import { readWhole } from "../files/text.ts";
import { isFolder, openSpec } from "../host.ts";
import { withImports } from "./hosts.ts";
import { withClasses } from "./labels.ts";
import { neededRuns } from "./needed.ts";
import { runFolder } from "../training/run-folder.ts";

export interface OpenedPlan {
  readonly plan: Plan;
  /** Folder that the plan's file patterns are relative to. */
  readonly base: string;
  /** Plans of the runs that it starts or learns from, the first to train first. */
  readonly before: readonly Plan[];
  /** All runs of the declaration, the plan itself first. */
  readonly variants: readonly { readonly plan: Plan; readonly examples: number | null; readonly scratch: boolean }[];
  /** The run's own folder, when that was named. */
  readonly folder: string | null;
}

export interface OpenOptions { readonly cwd: string; readonly run?: string; /** Overrides where data files are looked for. */ readonly base?: string; readonly signal?: AbortSignal }

/** Throws UserError with everything that is wrong. */
export async function openPlan(name: string, { cwd, run, base, signal }: OpenOptions): Promise<OpenedPlan> {
  const path = resolve(cwd, name);
  if (isFolder(path)) {
    const opened = await openRunFolder(path);
    return { plan: opened.plan, base: base === undefined ? opened.base : resolve(cwd, base), before: [], variants: alone(opened.plan), folder: path };
  }
  if (name.endsWith(".json")) {
    const plan = await readPlanFile(path, name);
    return { plan, base: base === undefined ? dirname(path) : resolve(cwd, base), before: [], variants: alone(plan), folder: null };
  }
  const checked = checkSpec(name, cwd);
  const folder = base === undefined ? dirname(path) : resolve(cwd, base);
  const chosen = chosenRun(checked, run);
  const result = chosen ? await withClasses(checked, [chosen], { base: folder, signal }) : checked;
  const compiled = compileRun(result, run);
  if (!compiled.plan) throw new UserError(compiled.diagnostics);
  const before = neededRuns(compiled.run).slice(0, -1).map((earlier) => planOf(earlier, result));
  const [own, ...others] = variantsOf(compiled.run);
  const variants = [{ ...own, plan: compiled.plan }, ...others.map((variant) => ({ ...variant, plan: planOf(variant.run, result) }))].map(({ plan, examples, scratch }) => ({ plan, examples, scratch }));
  return { plan: compiled.plan, base: folder, before, variants, folder: null };
}

const alone = (plan: Plan): OpenedPlan["variants"] => [{ plan, examples: null, scratch: false }];

function planOf(run: RunSpec, { context }: CheckResult): Plan {
  const plan = emit(run, context);
  if (!plan) throw new UserError(context.sink.diagnostics);
  return plan;
}

/** Checks a spec; throws UserError when it cannot be read. */
export function checkSpec(name: string, cwd: string): CheckResult {
  const opened = openSpec(name, cwd);
  if ("diagnostic" in opened) throw new UserError([opened.diagnostic]);
  return check(opened.text, catalog, { file: opened.file, host: withImports(opened.host, cwd) });
}

async function readPlanFile(path: string, name: string): Promise<Plan> {
  if (!existsSync(path)) throw fileError(missingFile, name, { file: name, suggestion: didYouMean(name, siblings(path)) });
  const { readPlan } = await import("../../compiler/plan/hash.ts");
  const read = await readPlan(await readWhole({ path, name }), name);
  if ("diagnostic" in read) throw new UserError([read.diagnostic]);
  return read.plan;
}

function siblings(path: string): string[] {
  return isFolder(dirname(path)) ? readdirSync(dirname(path)) : [];
}

export interface OpenedRun { readonly folder: string; readonly plan: Plan; readonly base: string }

/** The folder of a run: its plan, and where its data was. Throws UserError. */
export async function openRunFolder(folder: string): Promise<OpenedRun> {
  const path = join(folder, "plan.json");
  if (!existsSync(path)) throw fileError(noRunFolder, folder, { folder, reason: existsSync(folder) ? "it has no `plan.json`" : "there is no such folder" });
  const plan = await readPlanFile(path, path);
  return { folder, plan, base: baseOf(folder) };
}

const locationFile = "location.json";

/** Notes beside a run where its data files are, relative to the run, so that a project can be moved as a whole. */
export function locationText(folder: string, base: string): { path: string; text: string } {
  return { path: join(folder, locationFile), text: `${JSON.stringify({ base: relative(folder, base).replaceAll("\\", "/") || "." })}\n` };
}

/** Where the data files of a folder's run are. */
export function baseOf(folder: string): string {
  try {
    const { base } = JSON.parse(readFileSync(join(folder, locationFile), "utf8")) as { base?: unknown };
    return resolve(folder, typeof base === "string" ? base : ".");
  } catch {
    return folder;
  }
}

/** The folder of a trained run that a command line names: itself, or that of a spec's run under `out`. */
export async function trainedRun(name: string, options: OpenOptions & { readonly out: string }): Promise<OpenedRun> {
  const path = resolve(options.cwd, name);
  if (isFolder(path)) {
    const run = await openRunFolder(path);
    return options.base === undefined ? run : { ...run, base: resolve(options.cwd, options.base) };
  }
  const { plan, base } = await openPlan(name, options);
  const folder = runFolder(resolve(options.cwd, options.out), plan);
  if (!existsSync(join(folder, "plan.json"))) throw fileError(noRunFolder, folder, { folder, reason: `\`${plan.name}\` was not trained yet as \`${name}\` has it` });
  return { folder, plan, base };
}
