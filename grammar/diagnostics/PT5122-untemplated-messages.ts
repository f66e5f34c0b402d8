// PT5122: a conversation without words around its messages.

import { defineDiagnostic } from "./define.ts";
import { textSpec } from "./_text-example.ts";

const columns = "text: string  label: messages";
const declarations = 'template plain { user: "Q: {content}\\n"  assistant: "A: {content}\\n" }\n';

export const untemplatedMessages = defineDiagnostic<{ task: string; column: string }>({
  code: "PT5122",
  slug: "untemplated-messages",
  severity: "error",
  title: "a conversation without a template",
  message: ({ task, column }) => `\`${column}\` holds messages, and \`${task}\` does not say what they become in a text`,
  hint: () => "declare `template NAME { user: \"…{content}…\"  assistant: \"…{content}…\" }`, and name it: `template: NAME`",
  page: "A conversation is a list of messages with roles. A `template` says which words stand around each, so that the model can tell them apart and knows where an answer ends.",
  failing: textSpec({ format: "jsonl", columns, from: true, task: "prefer(text, label, label)" }),
  fixed: textSpec({ format: "jsonl", columns, declarations, from: true, task: "prefer(text, label, label, template: plain)" }),
});
