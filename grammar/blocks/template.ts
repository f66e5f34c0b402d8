// template: texts with holes, by role.

import { defineBlock } from "./define.ts";

export const template = defineBlock({
  word: "template",
  doc: "Texts with `{holes}`, named by role, for chat data and prompts.",
  form: "fields",
  relations: ["extends"],
  fields: {
    system: { type: { type: "string" }, doc: "what a system message becomes" },
    user: { type: { type: "string" }, doc: "what a user's message becomes" },
    assistant: { type: { type: "string" }, doc: "what an assistant's message becomes" },
  },
  example: 'template chatml { user: "<|im_start|>user\\n{content}<|im_end|>\\n" }',
});
