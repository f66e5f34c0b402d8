// PT5121: a task in a mixture that needs a head of its own.

import { alternatives } from "../fields.ts";
import { defineDiagnostic } from "./define.ts";
import { textSpec } from "./_text-example.ts";

export const unmixableTask = defineDiagnostic<{ task: string; known: readonly string[] }>({
  code: "PT5121",
  slug: "unmixable-task",
  severity: "error",
  title: "a task that cannot be mixed with others",
  message: ({ task }) => `\`${task}\` cannot be an entry of a mixture: tasks are mixed where all of them write texts with the head \`lm\``,
  hint: ({ known }) => `mix ${alternatives(known.map((word) => `\`${word}\``))}, or train a run for each task`,
  page: "Raffel et al. (2020, T5) train many tasks at once by writing all of them as text with a prefix: `text_to_text(\"cola sentence: {sentence}\" -> \"{label}\")`. Other tasks have heads and classes of their own.",
  failing: textSpec({ task: 'mixture(text_to_text("{text}" -> "{label}"), classify(text, label))' }),
  fixed: textSpec({ task: 'mixture(text_to_text("kind of {text}" -> "{label}"), text_to_text("text for {label}" -> "{text}"))' }),
});
