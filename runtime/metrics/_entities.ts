// Entities in sequences of tags: as CoNLL's `conlleval` reads them (seqeval's default), and strictly by IOB2.

export interface Entity { readonly type: string; readonly first: number; readonly last: number }

/** `B-PER` is B and PER; a bare letter has the type `_`. */
function parts(tag: string): readonly [prefix: string, type: string] {
  const rest = tag.slice(1);
  const dash = rest.indexOf("-");
  return [tag[0] ?? "O", (dash < 0 ? rest : rest.slice(dash + 1)) || "_"];
}

/** B and S open an entity, and so does any other tag than O that does not go on with the type before it; E and S end theirs. */
export function conllEntities(tags: readonly string[]): Entity[] {
  const found: Entity[] = [];
  let [before, typeBefore, first] = ["O", "", 0];
  [...tags, "O"].forEach((tag, i) => {
    const [prefix, type] = parts(tag);
    const ended = before === "E" || before === "S";
    const otherType = type !== typeBefore;
    const outside = (one: string): boolean => one === "O" || one === ".";
    if (ended || ("BI".includes(before) && "BSO".includes(prefix)) || (!outside(before) && otherType)) found.push({ type: typeBefore, first, last: i - 1 });
    if ("BS".includes(prefix) || ((ended || before === "O") && "EI".includes(prefix)) || (!outside(prefix) && otherType)) first = i;
    [before, typeBefore] = [prefix, type];
  });
  return found;
}

/** B opens an entity, and I goes on with one of the same type; an I with nothing to go on with is outside. */
export function iob2Entities(tags: readonly string[]): Entity[] {
  const found: Entity[] = [];
  for (let i = 0; i < tags.length; i++) {
    if (tags[i][0] !== "B") continue;
    const type = strictType(tags[i]);
    const first = i;
    while (i + 1 < tags.length && tags[i + 1][0] === "I" && strictType(tags[i + 1]) === type) i++;
    found.push({ type, first, last: i });
  }
  return found;
}

const strictType = (tag: string): string => tag.slice(1).replace(/^-+|-+$/g, "") || "_";

/** A tag that the scheme does not know, or null. */
export function foreignToIob2(sequences: readonly (readonly string[])[]): string | null {
  for (const tags of sequences) for (const tag of tags) if (!/^[BIO]/.test(tag)) return tag;
  return null;
}
