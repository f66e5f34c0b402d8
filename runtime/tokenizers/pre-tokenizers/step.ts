// The contract of pre-tokenizers: a text falls into pieces, and no token crosses a piece.

export interface CutStep {
  /** The text that is cut: units replaced one for one, and at the `head` of a stretch perhaps some put in front. `origin`: the very start of the input. */
  readonly prepare?: (text: string, at: { readonly head: boolean; readonly origin: boolean }) => string;
  /** Pieces that joined are the prepared text. */
  readonly cut?: (text: string) => readonly string[];
  /** Which of those pieces are left out. */
  readonly drops?: (piece: string) => boolean;
  /** Instead of both: pieces of which some are left out by what is around them. */
  readonly tiles?: (text: string) => readonly Tile[];
  /** A character before which a long text may be cut first, where it follows one of another sort: that changes no piece. Null: nowhere. */
  readonly breaks: RegExp | null;
}

export interface Tile { readonly text: string; readonly dropped: boolean }

/** Pieces on their way to the model. `starts[i]` is where piece i begins in its stretch, in UTF-16 units; units before `floors[i]` were put in front. */
export interface Pieces { readonly texts: string[]; readonly starts: number[]; readonly floors: number[] }

export type PreTokenizer = (text: string, origin: boolean, use: (pieces: Pieces) => void) => void;

const segmentLength = 1 << 16;

/** Runs the steps one after another, on long texts segment by segment, so that the lists stay short. */
export function preTokenizer(steps: readonly CutStep[]): PreTokenizer {
  // A later step that puts something in front must not see a cut that is ours.
  const breaks = steps.length > 0 && (steps[0].drops !== undefined || steps.slice(1).every((step) => step.prepare === undefined)) ? steps[0].breaks : null;
  return (text, origin, use) => {
    for (let start = 0; start < text.length; ) {
      const end = breaks === null ? text.length : segmentEnd(text, start, breaks);
      let pieces: Pieces = { texts: [start === 0 && end === text.length ? text : text.slice(start, end)], starts: [start], floors: [start] };
      steps.forEach((step, i) => (pieces = applyStep(pieces, step, i > 0 || start === 0, origin)));
      use(pieces);
      start = end;
    }
  };
}

function applyStep({ texts, starts, floors }: Pieces, step: CutStep, head: boolean, origin: boolean): Pieces {
  const result: Pieces = { texts: [], starts: [], floors: [] };
  for (let i = 0; i < texts.length; i++) {
    const prepared = step.prepare === undefined ? texts[i] : step.prepare(texts[i], { head, origin: origin && floors[i] === 0 });
    let at = starts[i] - (prepared.length - texts[i].length);
    const floor = floors[i];
    if (step.tiles !== undefined) {
      for (const tile of step.tiles(prepared)) {
        if (!tile.dropped) push(result, tile.text, at, at < floor ? floor : at);
        at += tile.text.length;
      }
    } else if (step.cut !== undefined) {
      for (const piece of step.cut(prepared)) {
        if (step.drops === undefined || !step.drops(piece)) push(result, piece, at, at < floor ? floor : at);
        at += piece.length;
      }
    } else push(result, prepared, at, floor);
  }
  return result;
}

function push({ texts, starts, floors }: Pieces, text: string, start: number, floor: number): void {
  texts.push(text);
  starts.push(start);
  floors.push(floor);
}

function segmentEnd(text: string, start: number, breaks: RegExp): number {
  for (let at = start + segmentLength; at < text.length; at++) {
    if (breaks.test(text[at]) && !breaks.test(text[at - 1])) return at;
  }
  return text.length;
}
