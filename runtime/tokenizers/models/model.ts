// The contract of models: how one piece of text becomes tokens.

export interface PieceTokens {
  readonly ids: readonly number[];
  /** Start and end of each id in the piece, in UTF-16 units; null for one token that is the whole piece. */
  readonly ranges: readonly number[] | null;
}

export interface Model {
  readonly tokenize: (piece: string) => PieceTokens;
  /** Where pieces may be cut further without changing any id; absent where nothing is known. */
  readonly cut?: (text: string) => string[];
  /** The unknown token, where the text that it stands for is shown instead of its name (Unigram). */
  readonly surface: number | null;
}
