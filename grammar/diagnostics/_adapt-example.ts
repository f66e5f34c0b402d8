// What examples of adaptations share: a model, and one of its adaptations counted.

import type { Example } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export function adaptExample(adaptation: string, model = tinyModel): Example {
  return { files: { "main.pt": model }, command: ["plan", "main.pt", "--model", "tiny()", "--adapt", adaptation] };
}
