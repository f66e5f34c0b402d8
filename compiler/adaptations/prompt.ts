// prompt(n): prompt tuning (Lester et al. 2021): n learned vectors stand before the text, and nothing else is trained.
// A vector is the embedding of a placeholder, a token of the vocabulary at its place in the batch, plus what is learned, which
// starts at 0: the paper's initialisation from sampled vocabulary, and the same gradients as if the sum itself were learned.

import { noPromptedStack } from "../../grammar/diagnostics/PT5082-no-prompted-stack.ts";
import { readsEncoder, type Architecture, type Stack } from "../architecture.ts";
import { defineLayer, numberIn } from "../layers/define.ts";
import { defineAdaptation } from "./define.ts";

/** Adds row p of its weight to the position p; nothing to those beyond the prompt. */
const layer = defineLayer({
  word: "prompt",
  doc: "What is learned of the vectors before a text.",
  role: "embedding",
  parameters: {},
  width: (_, input) => input.width,
  weights: (args, input) => ({ weight: { shape: [numberIn(args, "length"), input.width], initializer: { word: "zeros", arguments: {} }, decay: false } }),
  build: (c, _, args, { weight }) => {
    const { b, batch, length } = c;
    const width = b.info(weight).shape[1];
    // Tokens that are generated one at a time stand after the prompt.
    if (c.offset !== null) return b.constant({ shape: [batch, length, width], value: 0 });
    const rows_TD = length === numberIn(args, "length") ? weight : b.pad_slice(weight, { axis: 0, start: 0, size: length });
    return b.embedding(rows_TD, c.field("positions"), { padding: null });
  },
});

export const prompt = defineAdaptation({
  word: "prompt",
  doc: "Only n vectors before the text are trained, and a task's own head (Lester et al. 2021). They stand at the front of the encoder, or of a decoder without one, take n positions of the length, and start as embeddings of tokens spread over the vocabulary; masks and positions count them as text.",
  parameters: { length: { type: { type: "integer", minimum: 1 }, doc: "how many vectors", positional: true, default: "20" } },
  check: (_, { architecture }, report) => {
    if (!promptedStack(architecture)) report(noPromptedStack, { model: architecture.name });
  },
  trains: () => false,
  embedding: { layer: ({ length }) => ({ definition: layer, args: { length } }), length: ({ length }) => length as number, stackOf: promptedStack },
});

/** The first that reads a text which is given, not generated after `start`. */
function promptedStack({ stacks }: Architecture): Stack | null {
  return stacks.find((stack) => stack.reads === "tokens" && !readsEncoder(stack)) ?? null;
}
