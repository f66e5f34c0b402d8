// The seal of a plan: sha256 of its canonical form without `hash`. Reading a plan checks form, seal and format.

import { createHash } from "node:crypto";
import { diagnose } from "../../grammar/diagnostics/define.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { notAPlan } from "../../grammar/diagnostics/PT6001-not-a-plan.ts";
import { planEdited } from "../../grammar/diagnostics/PT6002-plan-edited.ts";
import { planTooNew } from "../../grammar/diagnostics/PT6003-plan-too-new.ts";
import { verify } from "../graph/verify.ts";
import { writeCanonical } from "./canonical.ts";
import { currentFormat, migratePlan, oldestFormat } from "./migrate.ts";
import type { Plan } from "./schema.ts";

/** 64 hexadecimal digits. A `hash` that the plan already has does not count. */
export function hashOf(plan: object): string {
  const { hash: _, ...rest } = plan as { hash?: unknown };
  const sha256 = createHash("sha256");
  writeCanonical(rest, (chunk) => sha256.update(chunk));
  return sha256.digest("hex");
}

/** The plan with its hash. */
export function sealPlan(plan: Omit<Plan, "hash">): Plan {
  return { ...plan, hash: hashOf(plan) };
}

export interface ReadOptions {
  /** `pt compile --seal`: a hash that does not match is renewed instead of refused. */
  readonly reseal?: boolean;
}

export type ReadPlan = { readonly plan: Plan } | { readonly diagnostic: Diagnostic };

/**
 * A plan from the text of its file, brought to the current format, or why it is refused: PT6001 not a plan, PT6002 edited,
 * PT6003 of a newer format. Async because the schema's validator is loaded only here.
 */
export async function readPlan(text: string, file: string, options: ReadOptions = {}): Promise<ReadPlan> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuse(file, `it is not JSON: ${(error as Error).message}`);
  }
  return verifyPlan(json, file, options);
}

/** The same from parsed JSON. */
export async function verifyPlan(json: unknown, file: string, options: ReadOptions = {}): Promise<ReadPlan> {
  if (json === null || typeof json !== "object" || Array.isArray(json)) return refuse(file, "it is not a JSON object");
  const { format, hash } = json as { format?: unknown; hash?: unknown };
  if (!Number.isInteger(format) || (format as number) < oldestFormat) return refuse(file, "`format` is not the number of a plan format");
  if ((format as number) > currentFormat) return { diagnostic: diagnose(planTooNew, place(file), { format: format as number, current: currentFormat }) };
  if (typeof hash !== "string") return refuse(file, "`hash` is missing");

  // An older plan is checked against the hash it was written with, then sealed anew in its new form.
  const old = format !== currentFormat;
  const authentic = options.reseal === true || (old && isSealed(json, hash));
  if (old && !authentic) return { diagnostic: diagnose(planEdited, place(file), { file }) };
  const plan = old ? migratePlan(json as { format: number }) : json;
  const problem = await problemOf(plan);
  if (problem !== null) return refuse(file, problem);
  if (authentic) return { plan: sealPlan(plan as unknown as Plan) };
  if (!isSealed(plan, hash)) return { diagnostic: diagnose(planEdited, place(file), { file }) };
  return { plan: plan as unknown as Plan };
}

function isSealed(json: object, hash: string): boolean {
  return hashOf(json) === hash;
}

/** What is wrong with the form: a field, or a graph that does not hold together. */
async function problemOf(plan: unknown): Promise<string | null> {
  const { schemaProblem } = await import("./json-schema.ts");
  const problem = schemaProblem(plan);
  if (problem !== null) return problem;
  for (const [name, graph] of Object.entries((plan as Plan).graphs)) {
    if (!graph) continue;
    const problems = verify(graph);
    if (problems.length) return `graph \`${name}\`: ${problems[0]}`;
  }
  return null;
}

const place = (file: string) => ({ file, text: "", span: { start: 0, end: 0 } });

function refuse(file: string, reason: string): ReadPlan {
  return { diagnostic: diagnose(notAPlan, place(file), { file, reason }) };
}
