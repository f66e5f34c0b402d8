// tag: a tag for each word. A word of several pieces is tagged at its first one, and the others carry no loss (Devlin et al.
// 2019, section 5.3). A text that is longer than an example goes on in the next one: no word is left without a tag.

import type { TaskExample, TaskShape } from "./define.ts";
import { column, defineTask } from "./define.ts";
import { framed } from "./_texts.ts";

export const tag = defineTask({
  word: "tag",
  doc: "A tag for each word of a text: parts of speech, names.",
  parameters: { words: column("the words", "words"), tags: column("as many tags", "tags") },
  head: "tag",
  loss: "tags",
  width: "classes",
  texts: ["words"],
  answers: "tags",
  gives: "tags",
  metrics: ["tagging_accuracy"],
  examples(row, shape) {
    const [words, tags] = [row.words[0] as readonly string[], row.tags[0] as readonly string[]];
    if (words.length !== tags.length) return { problem: `${words.length} words have ${tags.length} tags` };
    const ids = tags.map((one) => shape.classes.indexOf(one));
    return stretches(words, shape).map((stretch): TaskExample => {
      const example = framed([stretch.pieces], shape);
      return { ...example, targets: { places: stretch.firsts.map((place) => example.starts[0] + place), values: ids.slice(stretch.word, stretch.word + stretch.firsts.length) }, tokens: stretch.tokens, cut: stretch.tokens - stretch.pieces.length };
    });
  },
  predict(outputs, examples, _, { classes }) {
    const tags: string[] = [];
    examples.forEach(({ targets }, i) => {
      for (const place of targets.places) {
        const scores = outputs[i].subarray(place * classes.length, (place + 1) * classes.length);
        tags.push(classes[scores.indexOf(Math.max(...scores))]);
      }
    });
    return tags;
  },
  reference: (row) => row.tags[0] as readonly string[],
});

/** Words in a row: the first one's number, the pieces of all, and the places of the first pieces. */
interface Stretch { readonly word: number; readonly pieces: number[]; readonly firsts: number[]; tokens: number }

/** Whole words together, as many as fit. A word that alone is too long loses its last pieces. */
function stretches(words: readonly string[], { tokenizer, room }: TaskShape): Stretch[] {
  const { ids, words: owners } = tokenizer.encodeWords(words);
  const pieces: number[][] = words.map(() => []);
  ids.forEach((id, i) => pieces[owners[i]].push(id));
  const unknown = tokenizer.special("unk") ?? tokenizer.special("pad") ?? 0;
  const found: Stretch[] = [{ word: 0, pieces: [], firsts: [], tokens: 0 }];
  pieces.forEach((own, word) => {
    // What the tokenizer makes nothing of still has a tag.
    const list = own.length ? own : [unknown];
    let last = found.at(-1)!;
    if (last.pieces.length > 0 && last.pieces.length + list.length > room) found.push((last = { word, pieces: [], firsts: [], tokens: 0 }));
    last.firsts.push(last.pieces.length);
    last.pieces.push(...list.slice(0, room - last.pieces.length));
    last.tokens += list.length;
  });
  return found;
}
