// `number`: a finite number.

import { roundHalfEven } from "../../compiler/objectives/rounding.ts";
import { columnParameters, defineColumn, shown } from "./define.ts";

export const number = defineColumn({
  word: "number",
  doc: "A finite number, such as a score.",
  parameters: {
    ...columnParameters,
    step: { type: { type: "number", minimum: 0, exclusive: true }, doc: "templates write its nearest multiple, halves to the even one, with as many decimals: `step: 0.2` writes 2.57 as `2.6`, as T5 does; absent: the number as it is" },
  },
  text: false,
  formats: null,
  read(value) {
    const found = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
    return Number.isFinite(found) ? { value: found } : { problem: `${shown(value)} is no number` };
  },
  fills: (value, { step }) => (step === undefined ? String(value) : (roundHalfEven((value as number) / step) * step).toFixed(decimalsOf(step))),
});

function decimalsOf(step: number): number {
  return String(step).split(".")[1]?.length ?? 0;
}
