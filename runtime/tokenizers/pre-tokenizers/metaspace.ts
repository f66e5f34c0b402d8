// SentencePiece's way with spaces: each becomes `▁`, one is put in front, and words begin with it (Kudo and Richardson 2018).

import { escapeRegex } from "../text/regex.ts";
import type { CutStep } from "./step.ts";

export type PrependScheme = "always" | "first" | "never";

export function metaspaceStep(replacement: string, scheme: PrependScheme, split: boolean): CutStep {
  const mark = escapeRegex(replacement);
  const words = new RegExp(`${mark}[^${mark}]*|[^${mark}]+`, "gu");
  return {
    prepare: (text, { head, origin }) => {
      const marked = text.includes(" ") ? text.replaceAll(" ", replacement) : text;
      return head && (scheme === "always" || (scheme === "first" && origin)) && !marked.startsWith(replacement) ? replacement + marked : marked;
    },
    ...(split ? { cut: (text) => text.match(words) ?? [] } : {}),
    breaks: split ? / / : null,
  };
}
