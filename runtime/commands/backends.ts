// pt backends: where plans can be computed here, how fast, and what adds the rest.

import type { BackendDefinition } from "../backends/define.ts";
import { backends } from "../backends/index.ts";
import { measureBackend } from "../backends/_measure.ts";
import { defineCommand, jsonFlag, printJson } from "./define.ts";

export const backendsCommand = defineCommand({
  word: "backends",
  summary: "List where plans can be computed here, and how fast.",
  arguments: [],
  flags: [{ name: "--quick", doc: "do not measure" }, jsonFlag],
  examples: [{ line: "pt backends", does: "list backends with measured GFLOP/s" }],
  run: async (args, io) => {
    const known: { readonly [word: string]: BackendDefinition } = backends;
    const rows = [];
    for (const [word, definition] of Object.entries(known)) {
      const unavailable = await definition.available();
      const gflops = unavailable === null && !args.on["--quick"] ? await measureBackend(word) : null;
      rows.push({ backend: word, doc: definition.doc, available: unavailable === null, unavailable, gflops, kernels: definition.kernels, missing: definition.missing });
    }
    if (args.on["--json"]) printJson(io, { backends: rows });
    else for (const row of rows) io.stdout.write(`${row.backend.padEnd(12)} ${row.available ? (row.gflops === null ? "available" : `${row.gflops.toFixed(1)} GFLOP/s`).padEnd(16) : "not available   "} ${row.unavailable ?? row.doc}\n`);
    return 0;
  },
});
