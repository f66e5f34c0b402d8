// pt export: a trained or imported model in the format of another library.

import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { openModel } from "../apply/model.ts";
import { exportHuggingFace } from "../huggingface/write.ts";
import { exportTfjs } from "../export/tfjs/export.ts";
import { usualShard } from "../export/tfjs/write.ts";
import { fileError } from "../files/user-error.ts";
import { isFolder } from "../host.ts";
import { shownPath } from "../huggingface/import.ts";
import { openRunFolder, trainedRun } from "../runs/open.ts";
import { checkpointFlag, chosenCheckpoint, flagNumber } from "../runs/trained.ts";
import { printDiagnostics } from "../terminal/diagnostics.ts";
import { defineCommand, jsonFlag, printJson, wrongUsage, type Args, type Io } from "./define.ts";

const targets = ["huggingface", "tfjs"] as const;

/** Positions of a model that works at one length only, where no plan says how many. */
const usualLength = 128;

export const exportCommand = defineCommand({
  word: "export",
  summary: "Write a model for transformers or TensorFlow.js.",
  arguments: [
    { name: "RUN_DIR", doc: "the folder of a run or an import, a Hugging Face folder, or the spec that a run was trained from", required: true },
    { name: "RUN", doc: "which run of the spec" },
  ],
  flags: [
    { name: "--to", value: "TARGET", doc: "`huggingface`: config.json and model.safetensors; `tfjs`: model.json and weight shards of a GraphModel" },
    { name: "--out", value: "DIR", doc: "the folder to write (default: exports/NAME-TARGET)" },
    checkpointFlag,
    { name: "--task", value: "TASK", doc: "tfjs: how the model is applied, where its heads leave a choice" },
    { name: "--batch", value: "NUMBER", doc: "tfjs: examples a call (default: any number)" },
    { name: "--length", value: "NUMBER", doc: "tfjs: positions of an example (default: any number)" },
    { name: "--shard", value: "MB", doc: "tfjs: largest file of weights (default: 4)" },
    { name: "--spec", value: "FILE", doc: "a spec whose `weights huggingface` block is tried before the shipped ones" },
    jsonFlag,
  ],
  examples: [
    { line: "pt export runs/small-1a2b3c4d --to huggingface --out small", does: "writes small/config.json, model.safetensors and tokenizer.json" },
    { line: "pt export runs/small-1a2b3c4d --to tfjs --out web/small", does: "writes web/small/model.json and its weights, for `tf.loadGraphModel`" },
  ],
  run: async (args, io) => {
    const { "--to": to, "--spec": spec, "--task": task } = args.values;
    if (to === undefined) return wrongUsage(io, "give `--to huggingface` or `--to tfjs`");
    if (!targets.some((target) => target === to)) throw fileError(wrongFlag, "", { flag: "--to", given: to, wanted: targets.map((target) => `\`${target}\``).join(" or ") });
    const batch = flagNumber("--batch", args.values["--batch"], { minimum: 1, whole: true });
    const length = flagNumber("--length", args.values["--length"], { minimum: 1, whole: true });
    const shard = flagNumber("--shard", args.values["--shard"], { minimum: 0.001 });
    const folder = await folderOf(args, io);
    const out = resolve(io.cwd, args.values["--out"] ?? join("exports", `${basename(folder)}-${to}`));
    const model = await openModel(folder, { cwd: io.cwd, spec, checkpoint: (run) => chosenCheckpoint(run, args.values["--checkpoint"]) });
    if (model.warnings.length) printDiagnostics(model.warnings, io.stderr, io);
    const shown = shownPath(out, io.cwd);
    if (to === "huggingface") {
      const { className, tensors, bytes } = await exportHuggingFace(model, folder, out, { cwd: io.cwd, spec });
      if (args.on["--json"]) printJson(io, { out: shown, to, class: className, tensors, bytes });
      else io.stdout.write(`${className}: ${tensors} tensors, ${bytes.toLocaleString("en")} bytes, written to ${shown}\n`);
      return 0;
    }
    const usual = await plannedLength(folder);
    const result = await exportTfjs(model, folder, out, { task, batch, length, usual, shardBytes: shard === undefined ? usualShard : Math.ceil(shard * 1024 * 1024) });
    if (args.on["--json"]) printJson(io, { out: shown, to, ...result });
    else io.stdout.write(`${result.task}: ${[...result.inputs, ...result.outputs].map(({ name, shape }) => `${name} [${shape.map((n) => n ?? "?").join(", ")}]`).join(", ")}; ${result.bytes.toLocaleString("en")} bytes of weights in ${result.shards} ${result.shards === 1 ? "file" : "files"}, written to ${shown}\n`);
    return 0;
  },
});

async function folderOf(args: Args, io: Io): Promise<string> {
  const name = args.values.RUN_DIR!;
  const path = resolve(io.cwd, name);
  return isFolder(path) || !/\.(pt|json)$/.test(name) ? path : (await trainedRun(name, { cwd: io.cwd, run: args.values.RUN, out: "runs" })).folder;
}

async function plannedLength(folder: string): Promise<number> {
  return existsSync(join(folder, "plan.json")) ? (await openRunFolder(folder)).plan.lengths.inputs : usualLength;
}
