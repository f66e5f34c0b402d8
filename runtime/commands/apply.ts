// pt apply: a model's outputs, loss and gradients on given inputs.

import { resolve } from "node:path";
import { noLoss } from "../../grammar/diagnostics/PT7217-no-loss.ts";
import { checkInputs, checkPlaceholders, readInputs } from "../apply/inputs.ts";
import { openModel } from "../apply/model.ts";
import { chooseApplication, headsFor, prepareCall, runCall } from "../apply/run.ts";
import { chooseBackend } from "../backends/_choose.ts";
import { writeSafetensors, type SavedTensor } from "../checkpoints/safetensors.ts";
import { fileError } from "../files/user-error.ts";
import { openSession } from "../session.ts";
import { printDiagnostics } from "../terminal/diagnostics.ts";
import { defineCommand, jsonFlag, printJson, wrongUsage } from "./define.ts";

export const applyCommand = defineCommand({
  word: "apply",
  summary: "Compute a model's outputs, loss and gradients on given inputs.",
  arguments: [{ name: "MODEL_DIR", doc: "the folder of a run, or a Hugging Face folder", required: true }],
  flags: [
    { name: "--inputs", value: "FILE", doc: "JSON: `input_ids` or `pixel_values`, and where wanted `attention_mask`, `token_type_ids`, `decoder_input_ids` and `labels`" },
    { name: "--outputs", value: "FILE", doc: "safetensors to write the outputs to" },
    { name: "--gradients", value: "FILE", doc: "safetensors to write the gradients to, named as in the folder's weights" },
    { name: "--task", value: "TASK", doc: "how the model is applied, where its heads leave a choice" },
    { name: "--spec", value: "FILE", doc: "a spec whose `weights huggingface` block is tried before the shipped ones" },
    { name: "--backend", value: "BACKEND", doc: "where to compute" },
    jsonFlag,
  ],
  examples: [{ line: "pt apply models/gpt2 --inputs inputs.json --outputs out.safetensors --gradients gradients.safetensors", does: "logits, loss and gradients of a Hugging Face model" }],
  run: async (args, io) => {
    const { "--inputs": inputsName, "--outputs": outputsName, "--gradients": gradientsName, "--task": task, "--spec": spec } = args.values;
    if (inputsName === undefined || outputsName === undefined) return wrongUsage(io, `give \`${inputsName === undefined ? "--inputs" : "--outputs"} FILE\``);
    const folder = args.values.MODEL_DIR!;
    const model = await openModel(resolve(io.cwd, folder), { cwd: io.cwd, spec });
    const definition = chooseApplication(model, task, folder);
    const given = await readInputs(resolve(io.cwd, inputsName), inputsName);
    checkPlaceholders(given, inputsName, model.placeholders);
    const inputs = checkInputs(given, inputsName, model.architecture, headsFor(definition, model.heads), definition, model.padding);
    const call = prepareCall(model, definition, inputs, gradientsName !== undefined);
    if (gradientsName !== undefined && !call.hasLoss) throw fileError(noLoss, inputsName, { file: inputsName, wanted: Object.keys(definition.targets(headsFor(definition, model.heads))) });
    const session = await openSession(await chooseBackend(args.values["--backend"], io), { file: folder });
    const { loss, outputs, gradients } = await runCall(session, call, model.weights);
    const saved = new Map([...outputs].map(([name, { shape, data }]): [string, SavedTensor] => [name, { dtype: "F32", shape, data }]));
    await writeSafetensors(resolve(io.cwd, outputsName), saved);
    if (gradientsName !== undefined && gradients) await writeSafetensors(resolve(io.cwd, gradientsName), model.named((name) => gradients.get(name)!));
    if (model.warnings.length) printDiagnostics(model.warnings, io.stderr, io);
    const shapes = [...outputs].map(([name, { shape }]) => ({ name, shape }));
    if (args.on["--json"]) printJson(io, { loss, outputs: shapes });
    else io.stdout.write(`${loss === null ? "" : `loss ${loss}\n`}${shapes.map(({ name, shape }) => `${name} [${shape.join(", ")}]\n`).join("")}`);
    return 0;
  },
});
