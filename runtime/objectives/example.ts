// One example of an objective: text, inputs, targets and places with loss, as the entry of the plan says. Pure: the same
// text, entry and random numbers give the same example.

import type { PlanEntry } from "../../compiler/objectives/plan.ts";
import type { RandomStream } from "../../compiler/random.ts";
import { corrupt, type Text, type TokenFacts } from "./corrupt.ts";
import type { Span } from "./noises/define.ts";
import type { TargetDefinition } from "./targets/define.ts";
import { targets } from "./targets/index.ts";

const knownTargets: Readonly<Record<string, TargetDefinition>> = targets;

/** The text of an example before it is framed: one stretch, or the two of a pair with its class. */
export interface RawText {
  readonly ids: ArrayLike<number>;
  /** 1 where a sentence begins, for each id; empty where nobody needs it. */
  readonly sentences: ArrayLike<number>;
  readonly pair: { readonly ids: ArrayLike<number>; readonly label: number } | null;
}

export interface Example {
  /** The framed text before it is corrupted. */
  readonly text: readonly number[];
  readonly inputs: ArrayLike<number>;
  /** Segment of each input: 1 from the second text of a pair on. */
  readonly segments: ArrayLike<number>;
  /** The target sequence, for targets that stand apart; else empty. */
  readonly targets: readonly number[];
  /** Noised places of the text, for targets in place. */
  readonly noised: readonly number[];
  readonly label: number | null;
}

/** `random` gives a stream of its own for each purpose, so that no draw shifts another. */
export function makeExample(entry: PlanEntry, raw: RawText, facts: TokenFacts, random: (purpose: string) => RandomStream): Example {
  const { frame } = entry;
  const ids = (names: readonly string[]): number[] => names.map(facts.idOf);
  const before = ids(frame.before);
  const after = ids(frame.after);
  const second = raw.pair ? [...ids(frame.between), ...Array.from(raw.pair.ids)] : [];
  const text = [...before, ...Array.from(raw.ids), ...second, ...after];
  const sentences = new Uint8Array(text.length);
  for (let i = 0; i < raw.sentences.length; i++) sentences[before.length + i] = raw.sentences[i];
  const target = entry.terms.map((term) => knownTargets[term.target]).find((known) => known?.place === "same" || known?.place === "apart");
  let current: Text = { ids: text, source: text.map((_, i) => i) };
  let spans: readonly Span[] = [];
  entry.stages.forEach((stage, index) => {
    ({ text: current, spans } = corrupt(current, stage, sentences, target?.place === "same", facts, random(`noise ${index}`)));
  });
  // The second text begins after the token between the two.
  const segmentOf = (source: number): number => (raw.pair && source >= before.length + raw.ids.length + frame.between.length ? 1 : 0);
  const apart = target?.place === "apart";
  const inner = spans.map((span) => ({ start: span.start - before.length, length: span.length }));
  return {
    text,
    inputs: current.ids,
    segments: Array.from(current.source, segmentOf),
    targets: apart ? [...target.make!(text.slice(before.length, text.length - after.length), inner, facts.sentinels), ...ids(frame.close)] : [],
    noised: target?.place === "same" ? spans.flatMap(({ start, length }) => Array.from({ length }, (_, i) => start + i)) : [],
    label: raw.pair?.label ?? null,
  };
}
