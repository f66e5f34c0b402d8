// hardware: a machine that `pt plan` estimates time and money for.

import { defineBlock } from "./define.ts";

export const hardware = defineBlock({
  word: "hardware",
  doc: "A machine that `pt plan` estimates for; it changes nothing about a run.",
  form: "fields",
  relations: ["extends"],
  fields: {
    flops: { type: { type: "number", minimum: 0, exclusive: true }, doc: "floating-point operations a second that it reaches in matrix products", required: true },
    memory: { type: { type: "quantity", units: ["bytes"], minimum: 1 }, doc: "of one device", required: true },
    utilisation: { type: { type: "rate" }, doc: "the share of `flops` that training reaches; large runs reached 21 % (GPT-3) to 46 % (PaLM; Chowdhery et al. 2022, table 3)", default: "40%" },
    price: { type: { type: "number", minimum: 0 }, doc: "of an hour, in any currency" },
  },
  example: "hardware a100 { flops: 312T  memory: 80 GB  price: 2.5 }",
});
