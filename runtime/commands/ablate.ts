// pt ablate: runs all rows of an ablation, or goes on with it.

import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { emitJobs } from "../ablations/emit.ts";
import type { EngineDefinition } from "../ablations/engines/define.ts";
import { engines } from "../ablations/engines/index.ts";
import { mixedDataOf } from "../ablations/mixed-data.ts";
import { openAblation, type OpenedAblation } from "../ablations/open.ts";
import { runAblation } from "../ablations/run.ts";
import { resultText } from "../ablations/result-text.ts";
import { ablationView } from "../ablations/view.ts";
import { chooseBackend } from "../backends/_choose.ts";
import { flagNumber } from "../runs/trained.ts";
import { printDiagnostics } from "../terminal/diagnostics.ts";
import { openValid } from "./_spec.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { defineCommand, wrongUsage, type Args, type ExitCode, type Io } from "./define.ts";

export const ablateCommand = defineCommand({
  word: "ablate",
  summary: "Run all rows of an ablation, or go on with it.",
  arguments: [
    { name: "FILE", doc: "a `.pt` file", required: true },
    { name: "NAME", doc: "the ablation; may be left out when the file has one" },
  ],
  flags: [
    { name: "--workers", value: "N", doc: "jobs at once, each with its share of the cores (default: as many as there are cores)" },
    { name: "--backend", value: "BACKEND", doc: "where to compute; the fastest that runs here by default" },
    { name: "--out", value: "DIR", doc: "folder of run folders (default: runs); with --emit, where the jobs are written" },
    { name: "--base", value: "DIR", doc: "folder that data files are relative to (default: that of the spec)" },
    { name: "--emit", value: "ENGINE", doc: "write the jobs for an engine instead of running them: slurm, kubernetes or ray" },
    { name: "--collect", doc: "train nothing: make the table from the runs that are done" },
    { name: "--json", doc: "print events as JSON lines" },
  ],
  examples: [
    { line: "pt ablate spec.pt sizes", does: "trains what the rows of `sizes` need; the same command goes on after an interruption" },
    { line: "pt ablate spec.pt sizes --emit slurm --out jobs", does: "writes plans and an array job; `jobs/submit.sh` submits them" },
    { line: "pt ablate spec.pt sizes --workers 4", does: "four jobs at once; the number changes no result" },
  ],
  run: async (args, io) => {
    const spec = openValid(args.values.FILE!, io);
    const opened = await openAblation(spec.result, spec.file, args.values.NAME, { cwd: io.cwd, whole: true, base: args.values["--base"], signal: io.signal });
    const json = args.on["--json"];
    if (opened.warnings.length && !json) printDiagnostics(opened.warnings, io.stderr, io, spec.host.textOf);
    const engine = args.values["--emit"];
    if (engine !== undefined) return emit(engine, opened, args, io);
    const { program } = io;
    if (!program) return wrongUsage(io, "this process does not know how it is started, which workers need");
    const cores = flagNumber("PT_THREADS", io.env.PT_THREADS, { minimum: 1, whole: true }) ?? availableParallelism();
    const workers = flagNumber("--workers", args.values["--workers"], { minimum: 1, maximum: 1_000, whole: true }) ?? cores;
    const out = resolve(io.cwd, args.values["--out"] ?? "runs");
    const backend = await chooseBackend(args.values["--backend"], io);
    const view = ablationView(opened.plan, io, json);
    const outcome = await runAblation(opened, { out, backend, program, workers, cores, collect: args.on["--collect"], signal: io.signal, onChange: view.change }).finally(view.end);
    const { folder, result, states } = outcome;
    if (json) io.stdout.write(`${JSON.stringify({ event: outcome.status, folder, result })}\n`);
    else {
      io.stdout.write(`${resultText(result)}\n`);
      const mixed = mixedDataOf(out, opened.plan.jobs.flatMap((job) => (job.kind === "evaluate" || !job.plan || states.get(job)?.status !== "done" ? [] : [job.plan])));
      if (mixed.length) printDiagnostics(mixed, io.stderr, io, spec.host.textOf);
      io.stderr.write(`${join(folder, "report.html")}\n`);
      const waiting = [...states.values()].filter((state) => state.status === "waiting").length;
      if (outcome.status === "interrupted") io.stderr.write(`saved with ${waiting} jobs to go; the same command goes on from there, also with another number of workers\n`);
    }
    return ({ done: 0, failed: 1, interrupted: 3 } as const)[outcome.status];
  },
});

function emit(word: string, opened: OpenedAblation, args: Args, io: Io): ExitCode {
  const known: { readonly [word: string]: EngineDefinition } = engines;
  if (!Object.hasOwn(known, word)) return wrongUsage(io, `there is no engine \`${word}\`; ${didYouMean(word, Object.keys(known)) ?? `engines are ${Object.keys(known).join(", ")}`}`);
  const folder = resolve(io.cwd, args.values["--out"] ?? `${opened.plan.spec.name}-jobs`);
  const written = emitJobs(known[word], opened, { folder, spec: resolve(io.cwd, args.values.FILE!), backend: args.values["--backend"] ?? null });
  if (args.on["--json"]) io.stdout.write(`${JSON.stringify({ engine: word, folder, files: written, jobs: opened.plan.jobs.length })}\n`);
  else io.stdout.write(`${opened.plan.jobs.length} plans and ${written.join(", ")} in ${folder}\nStart them there with: ${known[word].start}\n`);
  return 0;
}
