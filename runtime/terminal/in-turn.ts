// Several texts that grow at once, printed one after the other: the first as it comes, each other when those before it have ended.

export interface InTurn {
  /** `heading` begins a text. */
  write(text: number, piece: string, heading: (text: number) => string): void;
  end(text: number, piece: string, heading: (text: number) => string): void;
}

export function inTurn(out: { write(text: string): void }): InTurn {
  const waiting = new Map<number, { pieces: string; done: boolean }>();
  let turn = 0;
  const add = (text: number, piece: string, done: boolean, heading: (text: number) => string): void => {
    const before = waiting.get(text) ?? { pieces: heading(text), done: false };
    waiting.set(text, { pieces: before.pieces + piece, done });
    for (let at = waiting.get(turn); at; at = waiting.get(turn)) {
      out.write(at.pieces);
      waiting.set(turn, { pieces: "", done: at.done });
      if (!at.done) return;
      turn++;
    }
  };
  return { write: (text, piece, heading) => add(text, piece, false, heading), end: (text, piece, heading) => add(text, piece, true, heading) };
}
