// A folder for one test file, with the files it is given.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { UserError } from "../../runtime/files/user-error.ts";

export function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "pt-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Codes and messages of the UserError that an operation throws; any other outcome fails the test. */
export async function problems(operation: () => unknown): Promise<string[]> {
  try {
    await operation();
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics.map((item) => `${item.code} ${item.message}${item.hint === undefined ? "" : ` (${item.hint})`}`);
    throw error;
  }
  throw new Error("nothing was refused");
}
