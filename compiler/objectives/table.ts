// Which objective can be trained on which architecture under which mask: asked of the checker with a small spec for each.

import { check, type Catalog } from "../check.ts";
import type { Field } from "../../grammar/fields.ts";
import { namedObjectives } from "./named.ts";
import { vocabularyOf } from "../phases/2-check/vocabulary.ts";

export interface Combination {
  readonly architecture: Architecture;
  readonly objective: string;
  readonly mask: string;
  /** The codes that refuse it; none when it is allowed. */
  readonly codes: readonly string[];
}

/** A model for each, small enough to overfit a batch in a moment; `MASK` is that of the stack that predicts. */
const models = {
  encoder: `model tiny(vocab, width = 32) {
  encoder { embed: tokens(vocab, width) + learned_positions(24) + segments(2)
    repeat 2 { residual { layernorm attention(2, mask: MASK) } residual { layernorm mlp(64, gelu) } } layernorm }
  head mlm { tied(bias: on) }
  head lm { tied(bias: on) }
  head nsp { pool(first) dense(2) }
  head sop { pool(first) dense(2) }
}`,
  decoder: `model tiny(vocab, width = 32) {
  decoder { embed: tokens(vocab, width) + learned_positions(24)
    repeat 2 { residual { layernorm attention(2, mask: MASK) } residual { layernorm mlp(64, gelu) } } layernorm }
  head lm { tied(bias: on) }
  head mlm { tied(bias: on) }
  head nsp { pool(last) dense(2) }
  head sop { pool(last) dense(2) }
}`,
  encoder_decoder: `model tiny(vocab, width = 32) {
  encoder { embed: tokens(vocab, width) + learned_positions(24)
    residual { layernorm attention(2, mask: full) } residual { layernorm mlp(64, gelu) } layernorm }
  decoder { embed: tokens(vocab, width) + learned_positions(40)
    residual { layernorm attention(2, mask: MASK) } residual { layernorm cross_attention(encoder, 2) } residual { layernorm mlp(64, gelu) } layernorm }
  head lm { tied(bias: on) }
  head mlm { reads: encoder  tied(bias: on) }
  head nsp { reads: encoder  pool(first) dense(2) }
  head sop { reads: encoder  pool(first) dense(2) }
}`,
  two_towers: `model tiny(vocab, width = 32) {
  encoder image { embed: class_token(patches(width, size: 2, channels: 3)) + learned_positions(5)
    residual { layernorm attention(2, mask: full) } layernorm }
  encoder text { embed: tokens(vocab, width) + learned_positions(24)
    residual { layernorm attention(2, mask: MASK) } layernorm }
  head contrastive { image { pool(first) dense(16, bias: off) }  text { pool(last) dense(16, bias: off) }  cosine }
}`,
} as const;

export type Architecture = keyof typeof models;
export const architectures = Object.keys(models) as readonly Architecture[];

/** The spec of a run `small`. */
export function sampleSpec(architecture: Architecture, objective: string, mask: string, more = ""): string {
  return `${models[architecture].replaceAll("MASK", mask)}
data d { ${architecture === "two_towers" ? 'files: "data.csv"  format: csv  columns { picture: image  caption: string }' : 'files: "data.txt"  format: lines'} }
tokenizer t { kind: bytes  special: [<pad>, <unk>, <cls>, <sep>, <mask>, <bos>, <eos>, <r_mode>, <s_mode>, <x_mode>]  sentinels: 30 }
pretrain small { model: tiny()  tokenizer: t  data: d  objective: ${objective}  length: 24  batch: 2 examples  train: 80 steps  optimizer: adamw(lr: 1e-2, weight_decay: 0)  ${more} }
`;
}

export function objectiveNames(catalog: Catalog): string[] {
  return Object.keys(namedObjectives(catalog.prelude));
}

/** Every mask of the vocabulary, called with 4 where it needs a number. */
export function maskCalls(catalog: Catalog): string[] {
  return Object.values(vocabularyOf(catalog).mask).map(({ word, parameters }) => {
    const needed = Object.values(parameters).filter((field: Field) => field.required).length;
    return needed ? `${word}(${Array.from({ length: needed }, () => 4).join(", ")})` : word;
  });
}

export function codesOf(text: string, catalog: Catalog): string[] {
  return [...new Set(check(text, catalog).diagnostics.filter((one) => one.severity === "error").map((one) => one.code))];
}

export function combinations(catalog: Catalog): Combination[] {
  return architectures.flatMap((architecture) => objectiveNames(catalog).flatMap((objective) => maskCalls(catalog).map((mask) =>
    ({ architecture, objective, mask, codes: codesOf(sampleSpec(architecture, objective, mask), catalog) }))));
}

/** `grammar/generated/objectives.md`. */
export function objectivesPage(catalog: Catalog): string {
  const all = combinations(catalog);
  const masks = maskCalls(catalog);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  const sections = architectures.map((architecture) => {
    const rows = objectiveNames(catalog).map((objective) => line([`\`${objective}\``, ...masks.map((mask) => {
      const { codes } = all.find((one) => one.architecture === architecture && one.objective === objective && one.mask === mask)!;
      return codes.length ? codes.join(", ") : "yes";
    })]));
    return `## ${architecture.replace("encoder_decoder", "encoder-decoder").replace("_", " ")}\n\n${line(["objective", ...masks.map((mask) => `\`${mask}\``)])}${line(["---", ...masks.map(() => "---")])}${rows.join("")}`;
  });
  return `<!-- Generated by \`npm run generate\`; do not edit. -->

# What can be trained on what

For each architecture, named objective and mask: \`yes\`, or the code that refuses it (\`pt explain CODE\`). The mask is that of the stack that
predicts; the encoder of an encoder-decoder is \`full\`. The models have every head (\`lm mlm nsp sop\`, towers \`contrastive\`), the tokenizer every token and 30 sentinels.

${sections.join("\n")}`;
}
