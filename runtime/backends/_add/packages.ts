// Steps that more than one recipe has: packages of npm, and trying the backend in a process of its own.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Step, StepContext } from "./define.ts";
import { AddProblem } from "./define.ts";
import { call } from "./programs.ts";

/** Installs packages, as `name@version`, into the folder's own `node_modules`. Their scripts do not run: they would download binaries of their own. */
export function npmStep(packages: readonly string[]): Step {
  return {
    title: "packages from npm",
    makes: ["node_modules", "package-lock.json"],
    async run({ folder, signal }) {
      // A package of its own: npm would look for one in the folders above.
      writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name: "ptarmigan-backend", private: true })}\n`);
      await call("npm", ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", "--loglevel", "error", "--fetch-retries", "2", "--fetch-retry-maxtimeout", "10000", ...packages], {
        cwd: folder, signal,
        missing: () => new AddProblem("`npm` was not found", "npm comes with Node; put it on the PATH and run the same command again"),
      });
    },
  };
}

/** Runs a program that computes on the backend and prints one line of JSON; a crash there is a problem in words here. `explain` knows failures of this backend. */
export function tryStep(program: (context: StepContext) => string, check: (answer: unknown) => string | null, explain: (output: string) => AddProblem | null = () => null): Step {
  return {
    title: "a product to try it",
    makes: [],
    async run(context) {
      const { folder, signal } = context;
      const broken = (what: string): AddProblem => new AddProblem(`it was built, but does not work here: ${what}`, `remove \`${folder}\` and run the same command again; the other backends are as they were`);
      const { stdout } = await call(process.execPath, ["--input-type=module", "--eval", program(context)], {
        cwd: folder, signal,
        missing: () => broken("Node could not be started"),
        explain: (output) => explain(output) ?? broken(output.split("\n").map((line) => line.trim()).findLast((line) => /error|cannot/i.test(line)) ?? "it crashed"),
      });
      let wrong: string | null;
      try {
        wrong = check(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
      } catch {
        wrong = `it answered \`${stdout.trim().slice(0, 100)}\``;
      }
      if (wrong !== null) throw broken(wrong);
    },
  };
}
