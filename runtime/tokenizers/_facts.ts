// What the compiler needs to know of a `tokenizer.json`: how many ids, and which text has which.

interface File { readonly model?: { readonly vocab?: Record<string, number> | [string, number][] }; readonly added_tokens?: { readonly id: number; readonly content: string }[] }

/** The size is one more than the largest id. */
export function readTokenizerFacts(text: string): { vocab: number; ids: Record<string, number> } | { problem: string } {
  let file: File;
  try {
    file = JSON.parse(text) as File;
  } catch (error) {
    return { problem: `it is not JSON: ${(error as Error).message}` };
  }
  const vocab = file?.model?.vocab;
  if (!vocab || typeof vocab !== "object") return { problem: "it has no `model.vocab`" };
  const pairs: [string, number][] = Array.isArray(vocab) ? vocab.map(([piece], id) => [piece, id]) : Object.entries(vocab);
  for (const { id, content } of file.added_tokens ?? []) pairs.push([content, id]);
  const ids = Object.fromEntries(pairs);
  return { vocab: pairs.reduce((most, [, id]) => Math.max(most, id + 1), 0), ids };
}
