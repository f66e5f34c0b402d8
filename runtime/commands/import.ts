// pt import: a Hugging Face folder as a spec and a checkpoint of ours.

import { basename, join, resolve } from "node:path";
import { importModel, shownPath } from "../huggingface/import.ts";
import { printDiagnostics } from "../terminal/diagnostics.ts";
import { defineCommand, jsonFlag, printJson } from "./define.ts";

export const importCommand = defineCommand({
  word: "import",
  summary: "Turn a Hugging Face folder into a spec and a checkpoint.",
  arguments: [{ name: "DIR", doc: "a folder with `config.json` and `model.safetensors`", required: true }],
  flags: [
    { name: "--out", value: "DIR", doc: "the folder to write (default: runs/NAME)" },
    { name: "--spec", value: "FILE", doc: "a spec whose `weights huggingface` block is tried before the shipped ones" },
    jsonFlag,
  ],
  examples: [{ line: "pt import models/gpt2 --out runs/gpt2", does: "writes runs/gpt2/spec.pt, checkpoints/ and tokenizer.json" }],
  run: async (args, io) => {
    const from = resolve(io.cwd, args.values.DIR!);
    const out = resolve(io.cwd, args.values["--out"] ?? join("runs", basename(from)));
    const { model, parameters, tensors, warnings } = await importModel(from, out, { cwd: io.cwd, spec: args.values["--spec"] });
    if (warnings.length) printDiagnostics(warnings, io.stderr, io);
    const shown = shownPath(out, io.cwd);
    if (args.on["--json"]) printJson(io, { out: shown, model, parameters, tensors });
    else io.stdout.write(`${model}: ${parameters.toLocaleString("en")} parameters in ${tensors} tensors, written to ${shown}\n`);
    return 0;
  },
});
