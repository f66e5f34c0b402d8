// The usual head of a task, for a model that declares none of its kind.

import type { Word, TaskFacts } from "./vocabulary.ts";
import type { Stack } from "../../architecture.ts";
import { readsEncoder } from "../../architecture.ts";

/** As text of the language: of an encoder from its first position, of a decoder from its last (beside an encoder the final `<eos>`). */
export function usualHeadBody({ loss, width }: Word & TaskFacts, classes: number): (stack: Stack) => string {
  const features = typeof width === "number" ? width : classes;
  return (stack) => {
    if (loss === "tags" || loss === "span") return `dense(${features})`;
    if (stack.word === "encoder") return `pool(first) dense(${features})`;
    return readsEncoder(stack) ? `pool(last) dense(${features})` : `pool(last) dense(${features}, bias: off)`;
  };
}
