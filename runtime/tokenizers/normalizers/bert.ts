// BERT's normalizer (Devlin et al. 2018): no control characters, spaces around Chinese characters, accents and case perhaps dropped.

import { sequence, normalizer } from "./normalizer.ts";
import { lowercase, replace, without } from "./simple.ts";
import { unicodeForm } from "./unicode.ts";
import { transform } from "../text/aligned.ts";
import type { Change } from "../text/aligned.ts";
import type { Normalizer } from "./normalizer.ts";

export interface BertSettings { readonly cleanText: boolean; readonly chinese: boolean; readonly stripAccents: boolean; readonly lowercase: boolean }

export function bertNormalizer(settings: BertSettings): Normalizer {
  const full = sequence([
    ...(settings.cleanText ? [withoutControls, replace(/\p{White_Space}/gu, " ")] : []),
    ...(settings.chinese ? [spacedChinese] : []),
    ...(settings.stripAccents ? [unicodeForm("NFD"), without(/\p{Mn}/u)] : []),
    ...(settings.lowercase ? [lowercase] : []),
  ]);
  // Printable ASCII, most of English, has only its case to lose.
  return { ...full, apply: (text) => (/[^\x20-\x7e]/.test(text) ? full.apply(text) : settings.lowercase ? text.toLowerCase() : text) };
}

const withoutControls = without(/[\u0000\ufffd]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/u);

/** The blocks of unified ideographs, as BERT's `is_chinese_char` lists them. */
const chinese = /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/u;
const everyChinese = new RegExp(chinese.source, "gu");

const spacedChinese = normalizer(
  (text) => text.replace(everyChinese, " $& "),
  (text) => transform(text, [...text.text].flatMap((character): Change[] => (chinese.test(character) ? [[" ", 0], [character, 1], [" ", 1]] : [[character, 0]]))),
);
