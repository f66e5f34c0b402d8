// The one carrier of user-facing problems out of deep calls; commands catch it and print its diagnostics.

import { diagnose } from "../../grammar/diagnostics/define.ts";
import type { Diagnostic, DiagnosticRecord } from "../../grammar/diagnostics/define.ts";

/** Thrown for a problem the user can mend. Anything else that is thrown is a bug of the project. */
export class UserError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((item) => `${item.code}: ${item.message}`).join("\n"));
    this.name = "UserError";
    this.diagnostics = diagnostics;
  }
}

/** A diagnostic about a file or folder that is not `.pt` text: it points at the file's first character. */
export function fileDiagnostic<Data>(record: DiagnosticRecord<Data>, file: string, data: Data): Diagnostic {
  return diagnose(record, { file, text: "", span: { start: 0, end: 0 } }, data);
}

export function fileError<Data>(record: DiagnosticRecord<Data>, file: string, data: Data): UserError {
  return new UserError([fileDiagnostic(record, file, data)]);
}

/** The system's error code (`ENOENT`), or undefined for what is not a system error. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === "string" ? code : undefined;
}
