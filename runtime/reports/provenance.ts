// Where the numbers come from: machine, time, hashes, the state of every job.

import { code, text, type Block } from "./_blocks.ts";
import { defineSection } from "./define.ts";
import { duration, short } from "../terminal/numbers.ts";
import type { AblationSubject } from "./_subject.ts";

export const provenance = defineSection({
  title: "Hashes, machine and time",
  order: 110,
  applies: ({ kind }) => kind === "ablation",
  blocks: (subject) => (subject.kind === "ablation" ? blocksOf(subject) : []),
});

function blocksOf({ summary: { result, rows } }: AblationSubject): Block[] {
  const { machine } = result;
  const jobs = new Map(rows.flatMap(({ row }) => row.jobs.map((job) => [`${job.hash} ${job.seed}`, { ...job, label: row.label }] as const)).reverse());
  const computed = [...jobs.values()].reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
  const operations = new Map(rows.flatMap(({ row }) => row.jobs.filter(({ kind, status }) => kind === "pretrain" && status === "done").map(({ hash, seed }) => [`${hash} ${seed}`, row.flops ?? 0] as const)));
  const total = [...operations.values()].reduce((sum, value) => sum + value, 0);
  const facts: string[][] = [
    ["ablation", `${result.name} of ${result.file}`],
    ["hash", result.hash],
    ["processor", `${machine.cpu || "unknown"}, ${machine.cores} ${machine.cores === 1 ? "core" : "cores"}`],
    ["computed on", machine.backend],
    ["Ptarmigan", machine.version],
    ...(result.started ? [["started", result.started]] : []),
    ...(result.seconds ? [["time that was worked on it", duration(result.seconds)]] : []),
    ["time of all runs together", duration(computed)],
    ...(total ? [["pretraining operations", `${short(total, "G")}FLOP`]] : []),
  ];
  const lines = [...jobs.values()].reverse().map(({ label, run, kind, seed, status, why, seconds, hash, folder }) => ({ cells: [label, run, kind, String(seed), status === "waiting" ? "not run yet" : status, seconds === null ? "" : duration(seconds), hash.slice(0, 8), folder], ...(why ? { note: why } : {}) }));
  return [
    { kind: "table", caption: "", columns: [{ title: "" }, { title: "" }], rows: facts.map((cells) => ({ cells })) },
    {
      kind: "details",
      summary: `All ${lines.length} runs`,
      blocks: [{ kind: "table", caption: "A run that several rows need is listed once, with the first of them.", columns: [{ title: "row" }, { title: "run" }, { title: "kind" }, { title: "seed", numeric: true }, { title: "state" }, { title: "time", numeric: true }, { title: "hash" }, { title: "folder" }], rows: lines }],
    },
    text("A run's hash is that of its plan, in which everything that computes a number is written out: equal hashes on equal backends give equal numbers. ", code(`pt ablate ${result.file} ${result.name}`), " makes this result, and goes on where it was interrupted."),
  ];
}
