// A statement word in the wrong form.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly word: string; readonly form: string }

export const malformedStatement = defineDiagnostic<Data>({
  code: "PT1118",
  slug: "malformed-statement",
  severity: "error",
  title: "A statement word in the wrong form",
  message: ({ word, form }) => `\`${word}\` is written \`${form}\``,
  page: `The words \`repeat\`, \`vary\`, \`remove\`, \`encoder\`, \`decoder\`, \`head\` and \`weights\` begin statements of a form of their own.`,
  failing: `model tiny(layers = 2, width = 64, heads = 4, vocab = 512, context = 128) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(context)
    repeat layers {
      residual { layernorm attention(heads, mask: causal) }
      residual { layernorm mlp(4 * width, gelu) }
    }
    layernorm
  }
  head { tied }
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
