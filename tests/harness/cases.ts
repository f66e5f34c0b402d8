// Tests as folders: `tests/cases/<suite>/<case>/` holds the input and what is expected. `UPDATE=1` rewrites the expected files.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** The folder of all suites. */
export const casesFolder = fileURLToPath(new URL("../cases/", import.meta.url));

export interface CaseFolder {
  readonly name: string;
  /** Path of the folder, with a slash at its end. */
  readonly path: string;
  /** Text of a file of the case. */
  readonly read: (file: string) => string;
  /** Compares with an expected file, or writes it with `UPDATE=1`. A missing expected file is a failure otherwise. */
  readonly expect: (file: string, actual: string) => void;
}

/** One test for every folder of a suite. */
export function forEachCase(suite: string, check: (folder: CaseFolder) => void | Promise<void>): void {
  const root = `${casesFolder}${suite}/`;
  mkdirSync(root, { recursive: true });
  const names = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  describe(suite, () => {
    for (const name of names) test(name, () => check(caseFolder(name, `${root}${name}/`)));
  });
}

function caseFolder(name: string, path: string): CaseFolder {
  return {
    name, path,
    read: (file) => readFileSync(path + file, "utf8"),
    expect(file, actual) {
      if (process.env["UPDATE"]) writeFileSync(path + file, actual);
      else if (!existsSync(path + file)) expect.fail(`${path}${file} is missing; run with UPDATE=1 and read it`);
      else expect(actual).toBe(readFileSync(path + file, "utf8"));
    },
  };
}
