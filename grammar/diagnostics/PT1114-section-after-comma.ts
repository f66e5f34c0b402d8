// A block cut off from its name by a comma.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly name?: string }

export const sectionAfterComma = defineDiagnostic<Data>({
  code: "PT1114",
  slug: "section-after-comma",
  severity: "error",
  title: "A block cut off from its name by a comma",
  message: ({ name }) => name === undefined ? "this block has no name" : `the comma cuts this block off from \`${name}\``,
  page: `A block belongs to the word before it: \`columns { … }\`. After a comma, or on its own, it belongs to nothing.`,
  failing: `model tiny(layers = 2, width = 64, heads = 4, vocab = 512, context = 128) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(context)
    repeat layers {
      residual { layernorm attention(heads, mask: causal) }
      residual { layernorm mlp(4 * width, gelu) }
    }
    layernorm
  }
  head lm, { tied }
}
`,
  fixed: `model tiny(layers = 2, width = 64, heads = 4, vocab = 512, context = 128) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(context)
    repeat layers {
      residual { layernorm attention(heads, mask: causal) }
      residual { layernorm mlp(4 * width, gelu) }
    }
    layernorm
  }
  head lm { tied }
}
`,
});
