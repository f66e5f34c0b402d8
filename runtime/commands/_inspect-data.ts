// pt inspect FILE DATA: what a data source holds.

import { dirname, resolve } from "node:path";
import { createSink } from "../../compiler/phases/1-resolve/program.ts";
import { partsOf } from "../../compiler/phases/2-check/data.ts";
import { sourceOf } from "../../compiler/phases/2-check/sources.ts";
import type { PlanSource } from "../../compiler/plan/schema.ts";
import { accountOf } from "../data/account.ts";
import { UserError } from "../files/user-error.ts";
import { checkSpec } from "../runs/open.ts";
import { accountText } from "../terminal/data-text.ts";
import { printJson, type Io } from "./define.ts";

export interface NamedData { readonly name: string; readonly source: PlanSource; readonly base: string }

/** The data source, or part of one, that a spec declares under this name; null where it means something else. Throws UserError when it has mistakes. */
export function dataNamed(file: string, name: string | undefined, { cwd, base }: { readonly cwd: string; readonly base?: string }): NamedData | null {
  if (name === undefined || !file.endsWith(".pt")) return null;
  const [owner, part = null] = name.split(".");
  const result = checkSpec(file, cwd);
  const binding = result.scope.bindings.get(owner)?.find((one) => one.kind === "declaration" && one.word === "data");
  if (binding?.kind !== "declaration") return null;
  const sink = createSink();
  const context = { ...result.context, sink };
  if (part !== null && !partsOf(binding.declared(), context).includes(part)) return null;
  const source = sourceOf(binding.declared(), part, context);
  if (!source) throw new UserError(sink.diagnostics);
  return { name: owner, source, base: resolve(cwd, base ?? dirname(resolve(cwd, file))) };
}

export async function inspectData({ name, source, base }: NamedData, { shown, json, io }: { readonly shown: number; readonly json: boolean; readonly io: Io }): Promise<0> {
  const accounts = await accountOf(name, source, { base, signal: io.signal }, shown);
  if (json) printJson(io, { data: name, sources: accounts.map((account) => ({ ...account, first: account.first.map(({ values, ...where }) => ({ ...where, values: Object.fromEntries(Object.entries(values).map(([column, value]) => [column, plain(value)])) })) })) });
  else io.stdout.write(accounts.map((account) => accountText(account, accounts.length > 1, io)).join("\n"));
  return 0;
}

/** Pixels as numbers. */
function plain(value: unknown): unknown {
  return typeof value === "object" && value !== null && "data" in value ? { ...value, data: Array.from(value.data as Uint8Array) } : value;
}
