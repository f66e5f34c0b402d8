// A Hugging Face folder as text of the language, for the compiler: its model with the values of config.json, and its tokenizer.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonical } from "../../compiler/plan/canonical.ts";
import { text as quoted } from "../../compiler/phases/spec-expressions.ts";
import { isObject, type Json, type JsonObject } from "../../compiler/weights/json.ts";
import type { Host } from "../../compiler/phases/1-resolve/program.ts";
import { readNamed } from "../files/read.ts";
import { UserError } from "../files/user-error.ts";
import { readTokenizerFacts } from "../tokenizers/_facts.ts";
import { fileIn, findWeights, parseConfig } from "./folder.ts";
import { describeModel } from "./read.ts";

export type Described = ReturnType<NonNullable<Host["imported"]>>;

/** What `imported("…")` means; problems of the folder as diagnostics. */
export function describeImport(folder: string, cwd: string): Described {
  try {
    findWeights(folder);
    const path = fileIn(folder, "config.json");
    const file = parseConfig(readNamed(path, path), path);
    const { made } = describeModel(file, { cwd });
    const { name, parameters } = made.architecture;
    // The table keeps its size, whatever the tokenizer's: files pad it.
    const call = typeof parameters.vocab === "number" ? `${name}(vocab: ${parameters.vocab})` : name;
    const tokenizer = existsSync(join(folder, "tokenizer.json")) ? tokenizerText(folder) : "";
    return { text: `${made.text}\nlet imported_model = ${call}\n${tokenizer}`, hash: configHash(file.value) };
  } catch (error) {
    if (error instanceof UserError) return { diagnostics: error.diagnostics };
    throw error;
  }
}

/** By which a plan knows the model that it starts from. */
export function configHash(config: JsonObject): string {
  return createHash("sha256").update(canonical(config)).digest("hex");
}

/** What transformers calls special tokens, by our names. */
const roles = ["pad", "unk", "cls", "sep", "mask", "bos", "eos"] as const;

/** How well-known vocabularies write them, where no file says so. */
const usual: Readonly<Record<(typeof roles)[number], readonly string[]>> = {
  pad: ["[PAD]", "<pad>"], unk: ["[UNK]", "<unk>"], cls: ["[CLS]", "<cls>", "<s>"], sep: ["[SEP]", "<sep>", "</s>"], mask: ["[MASK]", "<mask>"], bos: ["<s>", "<bos>", "<|endoftext|>"], eos: ["</s>", "<eos>", "<|endoftext|>"],
};

function tokenizerText(folder: string): string {
  const named = { ...specialsIn(join(folder, "tokenizer_config.json")), ...specialsIn(join(folder, "special_tokens_map.json")) };
  const facts = readTokenizerFacts(readFileSync(join(folder, "tokenizer.json"), "utf8"));
  const ids = "ids" in facts ? facts.ids : {};
  const special = roles.flatMap((role) => {
    const text = [named[role], ...(Object.keys(named).length ? [] : usual[role])].find((one) => one !== undefined && Object.hasOwn(ids, one));
    return text === undefined ? [] : [`${role}: ${(quoted(text) as { raw: string }).raw}`];
  });
  return `tokenizer imported_tokenizer { file: "tokenizer.json"  special { ${special.join("  ")} } }\n`;
}

/** `"cls_token": "[CLS]"`, or an object with its content. A file that cannot be read says nothing. */
function specialsIn(path: string): { [role: string]: string | undefined } {
  let value: Json = null;
  try {
    value = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Json) : null;
  } catch {
    return {};
  }
  if (!isObject(value)) return {};
  const entries = roles.flatMap((role): [string, string][] => {
    const given = (value as { readonly [key: string]: Json })[`${role}_token`];
    const content = isObject(given) ? given.content : given;
    return typeof content === "string" ? [[role, content]] : [];
  });
  return Object.fromEntries(entries);
}
