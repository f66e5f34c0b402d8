// `number`: a finite number.

import { columnParameters, defineColumn, shown } from "./define.ts";

export const number = defineColumn({
  word: "number",
  doc: "A finite number, such as a score.",
  parameters: { ...columnParameters },
  text: false,
  formats: null,
  read(value) {
    const found = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
    return Number.isFinite(found) ? { value: found } : { problem: `${shown(value)} is no number` };
  },
  fills: String,
});
