// A text that remembers which stretch of an original each of its units came from, as `NormalizedString` of the `tokenizers` library does.

export interface Aligned {
  readonly text: string;
  /** Start and end in the original of what each UTF-16 unit came from; null while the text is the original. */
  readonly starts: Int32Array | null;
  readonly ends: Int32Array | null;
}

/**
 * A character of the new text and how it relates to the old one: 0 takes the next old character's place, 1 is inserted after
 * what was taken, -n takes a place and n further characters vanish.
 */
export type Change = readonly [character: string, change: number];

/** The new text; `dropped` old characters vanish before its first. Insertions share the stretch of the old character before them. */
export function transform(old: Aligned, changes: Iterable<Change>, dropped = 0): Aligned {
  const characters = [...old.text];
  const offsets = unitOffsets(characters);
  const { starts, ends } = stretches(old);
  const parts: string[] = [];
  const newStarts: number[] = [];
  const newEnds: number[] = [];
  let at = Math.min(dropped, characters.length);
  for (const [character, change] of changes) {
    const unit = change > 0 ? offsets[at] - 1 : Math.min(offsets[at], starts.length - 1);
    if (change <= 0) at = Math.min(at + 1 - change, characters.length);
    parts.push(character);
    for (let i = 0; i < character.length; i++) {
      newStarts.push(unit < 0 ? 0 : starts[unit]);
      newEnds.push(unit < 0 ? 0 : ends[unit]);
    }
  }
  return { text: parts.join(""), starts: Int32Array.from(newStarts), ends: Int32Array.from(newEnds) };
}

/** Another text of the same units, each in the place of the old one. */
export function inPlace(old: Aligned, text: string): Aligned {
  return { text, starts: old.starts, ends: old.ends };
}

/** Text put in front shares the stretch of the first character. */
export function putInFront(old: Aligned, front: string): Aligned {
  const { starts, ends } = stretches(old);
  const grow = (list: Int32Array): Int32Array => {
    const longer = new Int32Array(list.length + front.length).fill(list[0], 0, front.length);
    longer.set(list, front.length);
    return longer;
  };
  return { text: front + old.text, starts: grow(starts), ends: grow(ends) };
}

/** Each match becomes `content`, which shares the stretch of the match's last character. */
export function replaceMatches(old: Aligned, matches: Iterable<{ readonly 0: string; readonly index: number }>, content: string): Aligned {
  const { starts, ends } = stretches(old);
  const parts: string[] = [];
  const newStarts: number[] = [];
  const newEnds: number[] = [];
  const keep = (from: number, to: number): void => {
    parts.push(old.text.slice(from, to));
    for (let i = from; i < to; i++) {
      newStarts.push(starts[i]);
      newEnds.push(ends[i]);
    }
  };
  let done = 0;
  for (const { 0: match, index } of matches) {
    keep(done, index);
    done = index + match.length;
    parts.push(content);
    for (let i = 0; i < content.length; i++) {
      newStarts.push(done > 0 ? starts[done - 1] : 0);
      newEnds.push(done > 0 ? ends[done - 1] : 0);
    }
  }
  keep(done, old.text.length);
  return { text: parts.join(""), starts: Int32Array.from(newStarts), ends: Int32Array.from(newEnds) };
}

/** A part of an aligned text, aligned with the same original. */
export function sliceAligned(old: Aligned, from: number, to: number): Aligned {
  if (from === 0 && to === old.text.length) return old;
  const { starts, ends } = stretches(old);
  return { text: old.text.slice(from, to), starts: starts.subarray(from, to), ends: ends.subarray(from, to) };
}

/** Stretches of all units: both units of a character cover the whole of it. */
export function stretches({ text, starts, ends }: Aligned): { starts: Int32Array; ends: Int32Array } {
  if (starts !== null && ends !== null) return { starts, ends };
  const first = new Int32Array(text.length);
  const last = new Int32Array(text.length);
  for (let i = 0; i < text.length; ) {
    const width = text.codePointAt(i)! > 0xffff ? 2 : 1;
    first.fill(i, i, i + width);
    last.fill(i + width, i, i + width);
    i += width;
  }
  return { starts: first, ends: last };
}

/** Unit at which each character begins, and the length at the end. */
function unitOffsets(characters: readonly string[]): Int32Array {
  const offsets = new Int32Array(characters.length + 1);
  characters.forEach((character, i) => (offsets[i + 1] = offsets[i] + character.length));
  return offsets;
}
