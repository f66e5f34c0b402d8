// pt backends: where plans can be computed here, how fast, and what adds the rest.

import type { BackendDefinition } from "../backends/define.ts";
import { AddProblem } from "../backends/_add/define.ts";
import { buildNative } from "../backends/_add/native.ts";
import { backends } from "../backends/index.ts";
import { measureBackend } from "../backends/_measure.ts";
import { backendNotAdded } from "../../grammar/diagnostics/PT8020-backend-not-added.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { fileError } from "../files/user-error.ts";
import { liveLine } from "../terminal/live-line.ts";
import { duration } from "../terminal/numbers.ts";
import { defineCommand, jsonFlag, printJson, wrongUsage, type ExitCode, type Io } from "./define.ts";

export const backendsCommand = defineCommand({
  word: "backends",
  summary: "List where plans can be computed here and how fast, or add a backend.",
  arguments: [
    { name: "ACTION", doc: "`add`; without it backends are listed" },
    { name: "BACKEND", doc: "what to add: tensorflow, webgpu; or native, to compile it anew" },
  ],
  flags: [{ name: "--quick", doc: "do not measure" }, { name: "--gpu", doc: "with `add tensorflow`: the library for CUDA graphics cards" }, jsonFlag],
  examples: [
    { line: "pt backends", does: "list backends with measured GFLOP/s" },
    { line: "pt backends add tensorflow", does: "fetch and build the TensorFlow backend, in a folder of its own (PT_BACKENDS names it)" },
  ],
  run: async (args, io) => {
    const { ACTION: action, BACKEND: word } = args.values;
    if (action === undefined && args.on["--gpu"]) return wrongUsage(io, "`--gpu` belongs to `pt backends add tensorflow`");
    if (action === undefined) return list(args.on["--quick"], args.on["--json"], io);
    if (action !== "add") return wrongUsage(io, `there is no \`pt backends ${action}\`; \`pt backends add BACKEND\` adds one`);
    if (word === undefined) return wrongUsage(io, "which backend? `pt backends add tensorflow`, or webgpu");
    return add(word, args.on["--gpu"], args.on["--json"], io);
  },
});

async function list(quick: boolean, json: boolean, io: Io): Promise<ExitCode> {
  const known: { readonly [word: string]: BackendDefinition } = backends;
  const rows = [];
  for (const [word, definition] of Object.entries(known)) {
    const unavailable = await definition.available();
    const gflops = unavailable === null && !quick ? await measureBackend(word) : null;
    rows.push({ backend: word, doc: definition.doc, available: unavailable === null, unavailable, gflops, kernels: definition.kernels, missing: definition.missing });
  }
  if (json) printJson(io, { backends: rows });
  else for (const row of rows) io.stdout.write(`${row.backend.padEnd(12)} ${row.available ? (row.gflops === null ? "available" : `${speed(row.gflops)}`).padEnd(16) : "not available   "} ${row.unavailable ?? row.doc}\n`);
  return 0;
}

const speed = (gflops: number): string => `${gflops < 1 ? gflops.toPrecision(1) : gflops.toFixed(1)} GFLOP/s`;

async function add(word: string, gpu: boolean, json: boolean, io: Io): Promise<ExitCode> {
  const { recipes } = await import("../backends/_add/recipes.ts");
  const line = liveLine(io);
  const began = performance.now();
  const report = async (where: string): Promise<ExitCode> => {
    const unavailable = await (backends as { readonly [word: string]: BackendDefinition })[word].available();
    const gflops = unavailable === null ? await measureBackend(word) : null;
    if (json) printJson(io, { backend: word, folder: where, seconds: (performance.now() - began) / 1000, available: unavailable === null, unavailable, gflops });
    else io.stdout.write(unavailable === null ? `${word} is added in ${where}: ${speed(gflops!)}; \`--backend ${word}\` uses it\n` : `${word} is added in ${where}, but cannot be used here: ${unavailable}\n`);
    return unavailable === null ? 0 : 3;
  };
  if (word === "native") {
    line.show("compiling the kernels …");
    try {
      return await report(await buildNative(io.signal));
    } catch (error) {
      if (error instanceof AddProblem) throw fileError(backendNotAdded, "", { backend: word, problem: error.message, help: error.help });
      throw error;
    } finally {
      line.clear();
    }
  }
  if (!Object.hasOwn(recipes, word)) {
    const words = Object.keys(recipes);
    const comes = Object.hasOwn(backends, word);
    throw fileError(backendNotAdded, "", { backend: word, problem: comes ? "it comes with Ptarmigan" : "there is no such backend", help: comes ? "`pt backends` says whether it runs here" : didYouMean(word, words) ?? `what can be added: ${words.join(", ")}` });
  }
  const { addBackend } = await import("../backends/_add/add.ts");
  try {
    const folder = await addBackend(recipes[word], {
      gpu,
      signal: io.signal,
      progress({ step, steps, title, state, text, seconds }) {
        const at = `${step}/${steps} ${title}`;
        if (state === "begun") line.show(`${at} …`);
        else if (state === "going on") line.show(`${at}: ${text}`);
        else line.above(state === "done" ? `${at}: ${duration(seconds!)}` : `${at}: done before`);
      },
    });
    return await report(folder);
  } finally {
    line.clear();
  }
}
