// `post_processor`, `truncation` and `padding` of a `tokenizer.json`.

import { isId, isObject, typeOf } from "./json.ts";
import type { Padding, Truncation } from "../post/encoding.ts";
import type { PostStep, TemplateItem } from "../post/template.ts";
import type { AddedToken } from "../text/added.ts";
import type { Json, Report } from "./json.ts";

export function readPost(post: unknown, added: readonly AddedToken[], report: Report): PostStep[] {
  if (post == null) return [];
  const steps = isObject(post) ? stepsOf(post, added, report) : null;
  if (steps === null) report.asks.push(`\`post_processor\` ${typeOf(post)}`);
  return steps ?? [];
}

function stepsOf(post: Json, added: readonly AddedToken[], report: Report): PostStep[] | null {
  switch (post.type) {
    case "Sequence":
      return Array.isArray(post.processors) ? post.processors.flatMap((step) => readPost(step, added, report)) : null;
    case "ByteLevel":
      return post.trim_offsets === false ? [] : [{ kind: "trim", prefixSpace: post.add_prefix_space !== false }];
    case "RobertaProcessing":
    case "BertProcessing":
      return roberta(post);
    case "TemplateProcessing":
      return template(post, added);
    default:
      return null;
  }
}

/** `<s> A </s>` and `<s> A </s></s> B </s>`, all of type 0; BERT's has one separator between and type 1 for the second text. */
function roberta(post: Json): PostStep[] | null {
  const token = (pair: unknown): TemplateItem["tokens"] | null => (Array.isArray(pair) && typeof pair[0] === "string" && isId(pair[1]) ? [{ text: pair[0], id: pair[1] }] : null);
  const cls = token(post.cls);
  const sep = token(post.sep);
  if (cls === null || sep === null) return null;
  const bert = post.type === "BertProcessing";
  const one = (tokens: TemplateItem["tokens"], type = 0): TemplateItem => ({ type, sequence: null, tokens });
  const single: TemplateItem[] = [one(cls), { type: 0, sequence: "A", tokens: [] }, one(sep)];
  const second = bert ? 1 : 0;
  const pair: TemplateItem[] = [...single, ...(bert ? [] : [one(sep)]), { type: second, sequence: "B", tokens: [] }, one(sep, second)];
  const trim: PostStep[] = !bert && post.trim_offsets !== false ? [{ kind: "trim", prefixSpace: post.add_prefix_space !== false }] : [];
  return [...trim, { kind: "template", single, pair }];
}

function template(post: Json, added: readonly AddedToken[]): PostStep[] | null {
  const known = isObject(post.special_tokens) ? post.special_tokens : {};
  const items = (list: unknown): TemplateItem[] | null => {
    if (!Array.isArray(list)) return null;
    const read = list.map((item: unknown) => templateItem(item, known, added));
    return read.some((item) => item === null) ? null : (read as TemplateItem[]);
  };
  const single = items(post.single);
  const pair = items(post.pair);
  return single === null || pair === null ? null : [{ kind: "template", single, pair }];
}

function templateItem(item: unknown, known: Json, added: readonly AddedToken[]): TemplateItem | null {
  if (!isObject(item)) return null;
  const sequence = item.Sequence;
  if (isObject(sequence) && (sequence.id === "A" || sequence.id === "B")) return { type: Number(sequence.type_id ?? 0), sequence: sequence.id, tokens: [] };
  const special = item.SpecialToken;
  const entry = isObject(special) && typeof special.id === "string" ? known[special.id] : undefined;
  if (!isObject(special) || !isObject(entry) || !Array.isArray(entry.ids) || !entry.ids.every(isId)) return null;
  const texts = Array.isArray(entry.tokens) ? entry.tokens : [];
  return {
    type: Number(special.type_id ?? 0),
    sequence: null,
    tokens: entry.ids.map((id, i) => ({ id, text: typeof texts[i] === "string" ? texts[i] : (added.find((token) => token.id === id)?.content ?? "") })),
  };
}

const strategies: Readonly<Record<string, Truncation["strategy"]>> = { LongestFirst: "longest_first", OnlyFirst: "only_first", OnlySecond: "only_second" };

export function readTruncation(part: unknown, report: Report): Truncation | null {
  if (part == null) return null;
  const strategy = isObject(part) ? strategies[String(part.strategy ?? "LongestFirst")] : undefined;
  if (!isObject(part) || !isId(part.max_length) || strategy === undefined || !isId(part.stride ?? 0)) {
    report.asks.push(`\`truncation\` ${typeOf(part)}`);
    return null;
  }
  return { max_length: part.max_length, strategy, stride: Number(part.stride ?? 0), direction: part.direction === "Left" ? "left" : "right" };
}

export function readPadding(part: unknown, report: Report): Padding | null {
  if (part == null) return null;
  const fixed = isObject(part) && isObject(part.strategy) ? part.strategy.Fixed : null;
  const multiple = isObject(part) ? (part.pad_to_multiple_of ?? 0) : null;
  if (!isObject(part) || !isId(part.pad_id ?? 0) || !isId(part.pad_type_id ?? 0) || !isId(multiple) || !(isId(fixed) || part.strategy === "BatchLongest")) {
    report.asks.push(`\`padding\` ${typeOf(part)}`);
    return null;
  }
  return {
    length: isId(fixed) ? fixed : null,
    direction: part.direction === "Left" ? "left" : "right",
    pad_to_multiple_of: multiple === 0 ? null : multiple,
    pad_id: Number(part.pad_id ?? 0),
    pad_type_id: Number(part.pad_type_id ?? 0),
    pad_token: typeof part.pad_token === "string" ? part.pad_token : "[PAD]",
  };
}
