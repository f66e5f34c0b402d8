// PT7042: strangers are drawn, and there is nobody to draw.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

const files = (text: string) => ({ "main.pt": encoderRun("nsp", "", "special: [<pad>, <cls>, <sep>]", " + segments(2)").replace(/data novels \{[^\n]*/, 'data novels { files: "data.txt"  format: lines }'), "data.txt": text });

export const loneWindow = defineDiagnostic<{ readonly objective: string }>({
  code: "PT7042",
  slug: "lone-window",
  severity: "error",
  title: "A source with one pair of texts, where others are drawn from elsewhere.",
  message: ({ objective }) => `\`${objective}\` sets a text against one from elsewhere, and the data has one stretch of sentences alone`,
  hint: () => "give it more documents, or a smaller `length`, so that there is more than one stretch",
  page: "Next-sentence prediction takes half of its second texts from another place of the data. Where all of the data is one stretch of sentences there is no other place: a text would be its own stranger, and its class wrong.",
  failing: { files: files("Rain. Sun.\n"), command: ["inspect", "main.pt"] },
  fixed: { files: files("Rain. Sun.\nOne. Two.\n"), command: ["inspect", "main.pt"] },
});
