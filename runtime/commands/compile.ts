// pt compile FILE RUN: the plan of a run, as canonical JSON.

import { dirname, resolve } from "node:path";
import { chosenRun, compileRun } from "../../compiler/compile.ts";
import { countFirings, type Firing } from "../../compiler/phases/5-optimize.ts";
import { canonical } from "../../compiler/plan/canonical.ts";
import { readPlan } from "../../compiler/plan/hash.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { readNamed } from "../files/read.ts";
import { UserError } from "../files/user-error.ts";
import { writeAtomically } from "../files/write.ts";
import { withClasses } from "../runs/labels.ts";
import { table } from "../terminal/table.ts";
import { defineCommand, jsonFlag, wrongUsage, type Args, type Io } from "./define.ts";
import { openValid, refuse } from "./_spec.ts";

export const compileCommand = defineCommand({
  word: "compile",
  summary: "Write the plan of a run: all that training does, as JSON.",
  arguments: [
    { name: "FILE", doc: "a `.pt` file" },
    { name: "RUN", doc: "the run; may be left out when the file has one" },
  ],
  flags: [
    { name: "--out", value: "FILE", doc: "write the plan there instead of to standard output" },
    { name: "--explain", doc: "print which rewrites fired, and how often; the plan itself only with --out or --json" },
    { name: "--seal", value: "PLAN", doc: "renew the hash of a plan that was edited on purpose" },
    { ...jsonFlag, doc: "print the plan, which is one JSON document" },
  ],
  examples: [
    { line: "pt compile spec.pt small --out plan.json", does: "writes a plan that `pt train plan.json` runs anywhere" },
    { line: "pt compile spec.pt small --explain", does: "shows what the optimizer of graphs did" },
    { line: "pt compile --seal plan.json", does: "accepts an edited plan" },
  ],
  run: async (args, io) => {
    const seal = args.values["--seal"];
    if (seal !== undefined) return sealed(seal, args, io);
    if (args.values.FILE === undefined) return wrongUsage(io, "`pt compile` needs a FILE, or `--seal PLAN`");
    const spec = openValid(args.values.FILE, io);
    const fired: (Firing & { graph: string })[] = [];
    const chosen = chosenRun(spec.result, args.values.RUN);
    const result = chosen ? await withClasses(spec.result, [chosen], { base: dirname(resolve(io.cwd, args.values.FILE)), signal: io.signal }) : spec.result;
    const compiled = compileRun(result, args.values.RUN, args.on["--explain"] ? (graph, firing) => fired.push({ ...firing, graph }) : undefined);
    if (!compiled.plan) throw new UserError(compiled.diagnostics);
    refuse(compiled.diagnostics);
    output(compiled.plan, args, io, args.on["--explain"]);
    if (args.on["--explain"]) (args.on["--json"] ? io.stderr : io.stdout).write(explained(fired));
    return 0;
  },
});

async function sealed(file: string, args: Args, io: Io): Promise<0> {
  const path = resolve(io.cwd, file);
  const read = await readPlan(readNamed(path, file), file, { reseal: true });
  if ("diagnostic" in read) throw new UserError([read.diagnostic]);
  if (args.values["--out"] === undefined && !args.on["--json"]) {
    writeAtomically(path, `${canonical(read.plan)}\n`);
    io.stderr.write(`${file}: hash ${read.plan.hash}\n`);
  } else output(read.plan, args, io, false);
  return 0;
}

function output(plan: Plan, args: Args, io: Io, quiet: boolean): void {
  const out = args.values["--out"];
  if (out !== undefined) {
    writeAtomically(resolve(io.cwd, out), `${canonical(plan)}\n`);
    io.stderr.write(`${out}: plan of \`${plan.name}\`, hash ${plan.hash}\n`);
  }
  if (args.on["--json"] || (out === undefined && !quiet)) io.stdout.write(`${canonical(plan)}\n`);
}

function explained(fired: readonly (Firing & { graph: string })[]): string {
  const graphs = [...new Set(fired.map((one) => one.graph))];
  return graphs.map((graph) => {
    const counts = countFirings(fired.filter((one) => one.graph === graph));
    return `${graph}\n${table(counts.map(({ title, count }) => [String(count), title]), { right: [0], indent: "  " })}\n`;
  }).join("\n") + (fired.length ? "" : "no rewrite fired\n");
}
