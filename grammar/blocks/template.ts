// template: what each role's message becomes in the text of a conversation.

import { defineBlock } from "./define.ts";

export const template = defineBlock({
  word: "template",
  doc: "How a conversation becomes text: for each role a text with the hole `{content}`. What stands before it in `assistant` is what an answer goes on from, what stands after it ends the answer.",
  form: "fields",
  relations: ["extends"],
  fields: {
    system: { type: { type: "template" }, doc: "what a system message becomes; absent: conversations have none" },
    user: { type: { type: "template" }, doc: "what a user's message becomes", required: true },
    assistant: { type: { type: "template" }, doc: "what an assistant's message becomes", required: true },
  },
  example: 'template chatml { user: "<|im_start|>user\\n{content}<|im_end|>\\n"  assistant: "<|im_start|>assistant\\n{content}<|im_end|>\\n" }',
});
