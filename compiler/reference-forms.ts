// The part of the reference that no record holds: the forms of the language.

export const formsPage = `## Forms

Newlines do not matter; \`pt format\` prints the canonical layout. \`// …\` is a comment, \`/// …\` documents the declaration or field below.

| form | means |
|---|---|
| \`import { a, b } from "other.pt"\`, \`import * as lib from "other.pt"\` | names of another file, relative to this one, or of a shipped spec: \`"ptarmigan/gpt2.pt"\`. Unused imports, lets and parameters are errors |
| \`let width = 3 * 64\` | a name for a value; it sees what stands above it |
| \`model gpt(width = 64, heads) { … }\` | a declaration with parameters; defaults may use parameters to their left, one without a default must be given |
| \`gpt(heads: 4)\`, \`gpt(32, heads: 4)\` | a call: arguments without a name first |
| \`pretrain b extends a { model.width: 128  remove sample }\` | a copy with changes: whole fields, fields of sections, arguments by dotted path, \`remove\` |
| \`model b extends a(width: 128) { decoder { … } }\` | other defaults; stacks, heads and lets are replaced whole by name, a stack that holds only fields is laid over |
| \`pretrain b from a(checkpoint: best) { … }\` | starts from the weights of \`a\` (\`best\`, \`last\` or \`10 steps\`), which is trained first; takes over \`model tokenizer length precision seed\` |
| \`12\`, \`50_257\`, \`3e-4\`, \`10k\`, \`1.5T\`, \`15%\`, \`300B tokens\` | numbers with magnitudes k M B T, percents, quantities with a unit |
| \`"text"\`, \`<pad>\`, \`on\`, \`off\`, \`[a, b]\` | texts, special tokens, switches, lists |
| \`+ - * / mod ^\`, \`min(…) max(…) abs(…)\` | arithmetic; \`< <= > >= == !=\`, \`& \\| not\` in masks |
| \`novels.valid\` | a part of a data source with a split |
| \`"English: {english}\\nFrench: " -> "{french}"\` | a prompt: what is asked, and the answer; holes are columns of the data, a plain brace is \`\\{\` |
| \`evaluate b of a(checkpoint: best) { … }\` | asks the weights of the run \`a\`; what extends it measures the same run. In a file without runs \`of\` may be left out, for a file that imports it |

### Inside a model

\`encoder { … }\`, \`decoder { … }\` (or \`encoder NAME { … }\`) is a stack: \`embed: tokens(vocab, width) + learned_positions(context)\`, then layers one after the other. \`head NAME { … }\` reads the decoder, else the only encoder (\`reads: NAME\` says otherwise).

| form | means |
|---|---|
| \`residual { … }\` | adds its input to its result, which must be as wide |
| \`repeat N { … }\` | N copies, each with weights of its own |
| \`parallel { a b }\` | adds the results of its members on the same input; a member of several layers is \`sequence { … }\` |
| \`sequence { … }\` | several layers as one member |
| \`let norm = rmsnorm\` inside a model | one set of weights, shared wherever it is named; outside of models and as a parameter it is a recipe, new weights at every mention |
| \`mask: cycle(causal, causal & window(128))\` | copy i of the innermost \`repeat\` takes value i mod n |
| \`weights huggingface { … }\` | names of the weights and of the configuration elsewhere; holes \`{i}\` match one segment, \`transposed(…)\`, \`concat(…)\`, \`off\` |

Weights are named by their place: \`decoder.layers.3.attention.query.weight\`; later siblings of one name get \`_2\`, \`_3\`. A run gives a parameter \`vocab\` the tokenizer's size unless the call sets it; a run without \`length\` takes its model's parameter \`context\`.

### Teachers

\`pretrain small { … objective: 5 * distill(large, temperature: 2) + 2 * masked + match_hidden(large) }\` learns from the run \`large\`, which is trained first. The teacher reads the same batch, without dropout, and is not trained; \`checkpoint: best\` (or \`10 steps\`) says which of its weights. Both have one tokenizer and predict in the same way.

| term | is |
|---|---|
| \`distill(large, temperature: T)\` | T² times the Kullback-Leibler divergence of softmax(teacher / T) from softmax(own / T), the mean over the positions that carry the loss of tokens; both have trained the head |
| \`match_hidden(large)\` | 1 − cosine of the last hidden states, the mean over all tokens; both are equally wide |

Training reports both (\`losses.distill\`, \`losses.match_hidden\`). Held-out data is measured without the teacher: its loss is that of the heads, comparable with runs that have none.

### Masks

A mask is a predicate over \`query\`, \`key\`, \`prefix\` and \`length\`: \`mask sliding(n) = causal & (query - key < n)\`. It composes with \`&\`, \`|\` and \`not\`.
`;
