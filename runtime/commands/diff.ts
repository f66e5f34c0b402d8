// pt diff A B: what differs in meaning between two files, runs, models or plans.

import { resolve } from "node:path";
import colors from "picocolors";
import { check, type CheckResult } from "../../compiler/check.ts";
import { diffDeclarations, diffFiles, type Difference, type Side } from "../../compiler/diff.ts";
import { readPlan } from "../../compiler/plan/hash.ts";
import { unknownName } from "../../grammar/diagnostics/PT2002-unknown-name.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { catalog } from "../catalog.ts";
import { readNamed } from "../files/read.ts";
import { UserError, fileError } from "../files/user-error.ts";
import { plural } from "../terminal/diagnostics.ts";
import { defineCommand, jsonFlag, printJson, wrongUsage, type Io } from "./define.ts";
import { openValid, refuse } from "./_spec.ts";

export const diffCommand = defineCommand({
  word: "diff",
  summary: "Compare two files, runs, models or plans by what they mean.",
  arguments: [
    { name: "A", doc: "FILE, FILE:NAME or a plan", required: true },
    { name: "B", doc: "the same", required: true },
  ],
  flags: [{ name: "--exit-code", doc: "end with 1 when they differ; otherwise the exit code is 0 whether they do or not" }, jsonFlag],
  examples: [
    { line: "pt diff old.pt new.pt", does: "compares all that two files declare" },
    { line: "pt diff spec.pt:small spec.pt:wider", does: "compares two runs of a file" },
    { line: "pt diff runs/small-1a2b3c4d/plan.json spec.pt:small", does: "says what was changed since a run was started" },
  ],
  run: async (args, io) => {
    const [a, b] = [await sideOf(args.values.A!, io), await sideOf(args.values.B!, io)];
    if ((a.name === null) !== (b.name === null)) {
      const [open, named] = a.name === null ? [a, b] : [b, a];
      // `spec.pt plan.json` means the run of the plan's name.
      if (!open.result.scope.declarations.some((declared) => declared.name === named.name)) return wrongUsage(io, `a file and one declaration (\`${named.name}\`) cannot be compared; name a declaration on both sides`);
      open.name = named.name;
    }
    const differences = a.name === null || b.name === null ? diffFiles(a.result, b.result) : diffDeclarations(a.result, a.name, b.result, b.name)!;
    if (args.on["--json"]) printJson(io, { same: differences.length === 0, differences });
    else io.stdout.write(differencesText(differences, io));
    return differences.length && args.on["--exit-code"] ? 1 : 0;
  },
});

interface Compared { readonly result: CheckResult; name: string | null }

async function sideOf(what: string, io: Io): Promise<Compared> {
  if (what.endsWith(".json")) {
    const read = await readPlan(readNamed(resolve(io.cwd, what), what), what);
    if ("diagnostic" in read) throw new UserError([read.diagnostic]);
    // A plan holds its run as one text, with every value written out.
    const result = check(read.plan.spec, catalog, { file: what });
    refuse(result.diagnostics.filter((item) => !/^PT2008/.test(item.code)));
    return { result, name: read.plan.name };
  }
  const colon = what.lastIndexOf(":");
  const [file, name] = colon > 1 && !what.endsWith(".pt") ? [what.slice(0, colon), what.slice(colon + 1)] : [what, null];
  const { result } = openValid(file, io);
  const names = result.scope.declarations.map((declared) => declared.name);
  if (name !== null && !names.includes(name)) throw fileError(unknownName, file, { name, wanted: "a declaration of this file", suggestion: didYouMean(name, names) });
  return { result, name };
}

function differencesText(differences: readonly Difference[], io: Io): string {
  if (!differences.length) return "no difference\n";
  const c = colors.createColors(io.color);
  const side = (sign: string, paint: (text: string) => string, given: Side | null): string =>
    given ? `  ${paint(`${sign} ${given.value}`)}   ${c.dim(`${given.how === "written" ? "" : given.how}${given.file ? `${given.how === "written" ? "" : ", "}${given.file}:${given.start!.line}:${given.start!.column}` : ""}`)}\n` : `  ${paint(`${sign} nothing`)}\n`;
  const blocks = differences.map(({ path, a, b, places }) => `${c.bold(path)}${places > 1 ? c.dim(` (${places} places)`) : ""}\n${side("-", c.red, a)}${side("+", c.green, b)}`);
  return `${blocks.join("\n")}\n${plural(differences.length, "difference")}\n`;
}
