// How wide text is on a terminal, and how to show what has no width of its own.

const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const none = /[\p{Mn}\p{Me}\p{Cf}\ufe00-\ufe0f]/u;

/** Columns of one character. */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (none.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

export interface Cell { readonly text: string; readonly width: number; /** Offset in the line, UTF-16 units. */ readonly offset: number }

const tabWidth = 2;

/** A line as cells: tabs as spaces, control characters as their pictures, so that no file can command the terminal. */
export function cellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  for (const character of line) {
    const code = character.codePointAt(0)!;
    if (character === "\t") cells.push({ text: " ".repeat(tabWidth), width: tabWidth, offset });
    else if (code < 32) cells.push({ text: String.fromCharCode(0x2400 + code), width: 1, offset });
    else if (code === 127) cells.push({ text: "␡", width: 1, offset });
    else if ((code >= 0x80 && code < 0xa0) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || (code >= 0xd800 && code <= 0xdfff)) cells.push({ text: "�", width: 1, offset });
    else cells.push({ text: character, width: characterWidth(character), offset });
    offset += character.length;
  }
  return cells;
}
