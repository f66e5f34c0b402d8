// What commands that work on one spec begin with.

import { check, type CheckResult } from "../../compiler/check.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { catalog } from "../catalog.ts";
import { UserError } from "../files/user-error.ts";
import { openSpec, type FileHost } from "../host.ts";
import { withImports } from "../runs/hosts.ts";
import { printDiagnostics } from "../terminal/diagnostics.ts";
import type { Io } from "./define.ts";

export interface Spec { readonly file: string; readonly text: string; readonly host: FileHost; readonly result: CheckResult }

/** Reads and checks a spec, its errors included in the result. Throws UserError when there is no text to check. */
export function openChecked(name: string, io: Io): Spec {
  const opened = openSpec(name, io.cwd);
  if ("diagnostic" in opened) throw new UserError([opened.diagnostic]);
  const { file, text } = opened;
  const host = withImports(opened.host, io.cwd);
  return { file, text, host, result: check(text, catalog, { file, host }) };
}

/** The same, without errors: they are thrown as UserError, warnings are printed. */
export function openValid(name: string, io: Io): Spec {
  const spec = openChecked(name, io);
  refuse(spec.result.diagnostics);
  if (spec.result.diagnostics.length) printDiagnostics(spec.result.diagnostics, io.stderr, io, spec.host.textOf);
  return spec;
}

export function refuse(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some((item) => item.severity === "error")) throw new UserError(diagnostics);
}
