// The Porter stemmer (Porter 1980, "An algorithm for suffix stripping") with the later changes that NLTK's `PorterStemmer` makes by default,
// which Google's `rouge_score` uses: irregular forms, words of up to two letters left alone, "ies" and "ied" of four letters, y after
// consonants only, short vowel-consonant words keep their e, and the suffixes "alli", "bli", "fulli" and "logi".

const irregular: Readonly<Record<string, string>> = {
  sky: "sky", skies: "sky", dying: "die", lying: "lie", tying: "tie", news: "news", inning: "inning", innings: "inning", outing: "outing", outings: "outing",
  canning: "canning", cannings: "canning", howe: "howe", proceed: "proceed", exceed: "exceed", succeed: "succeed",
};

/** The stem of a word in lower case. */
export function stem(word: string): string {
  if (Object.hasOwn(irregular, word)) return irregular[word];
  if (word.length <= 2) return word;
  return [plurals, pastAndProgressive, finalY, doubleSuffixes, suffixes, longSuffixes, finalE, finalDoubleL].reduce((form, step) => step(form), word);
}

/** One letter for each: c consonant, v vowel; y is a vowel after a consonant. */
function shapeOf(text: string): string {
  let shape = "";
  for (let i = 0; i < text.length; i++) {
    const consonant = text[i] === "y" ? i === 0 || shape[i - 1] === "v" : !"aeiou".includes(text[i]);
    shape += consonant ? "c" : "v";
  }
  return shape;
}

/** Porter's m: how often a vowel is followed by a consonant. */
function measure(text: string): number {
  return shapeOf(text).split("vc").length - 1;
}

const hasVowel = (text: string): boolean => shapeOf(text).includes("v");
const endsInDouble = (text: string): boolean => text.length >= 2 && text.at(-1) === text.at(-2) && shapeOf(text).endsWith("c");

/** Consonant, vowel, consonant other than w, x, y; or a word of vowel and consonant. */
function endsShort(text: string): boolean {
  const shape = shapeOf(text);
  return shape === "vc" || (shape.endsWith("cvc") && !"wxy".includes(text.at(-1)!));
}

type Rule = readonly [suffix: string, replacement: string, condition?: (stem: string) => boolean];

/** The first rule whose suffix fits decides: it applies where its condition holds, or nothing does. */
function first(rules: readonly Rule[], otherwise: (stem: string) => boolean): (word: string) => string {
  return (word) => {
    const rule = rules.find(([suffix]) => word.endsWith(suffix));
    if (!rule) return word;
    const [suffix, replacement, condition = otherwise] = rule;
    const rest = word.slice(0, word.length - suffix.length);
    return condition(rest) ? rest + replacement : word;
  };
}

const always = (): boolean => true;
const positive = (rest: string): boolean => measure(rest) > 0;
const long = (rest: string): boolean => measure(rest) > 1;

/** Step 1a. */
function plurals(word: string): string {
  if (word.length === 4 && word.endsWith("ies")) return word.slice(0, -1);
  return first([["sses", "ss"], ["ies", "i"], ["ss", "ss"], ["s", ""]], always)(word);
}

/** Step 1b. */
function pastAndProgressive(word: string): string {
  if (word.endsWith("ied")) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith("eed")) return positive(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const suffix = ["ed", "ing"].find((one) => word.endsWith(one) && hasVowel(word.slice(0, -one.length)));
  if (!suffix) return word;
  const rest = word.slice(0, -suffix.length);
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (endsInDouble(rest)) return "lsz".includes(rest.at(-1)!) ? rest : rest.slice(0, -1);
  return measure(rest) === 1 && endsShort(rest) ? `${rest}e` : rest;
}

/** Step 1c. */
const finalY = first([["y", "i", (rest) => rest.length > 1 && shapeOf(rest).endsWith("c")]], always);

/** Step 2. */
function doubleSuffixes(word: string): string {
  if (word.endsWith("alli") && positive(word.slice(0, -4))) return doubleSuffixes(word.slice(0, -2));
  return mapDoubleSuffixes(word);
}
const mapDoubleSuffixes = first([
  ["ational", "ate"], ["tional", "tion"], ["enci", "ence"], ["anci", "ance"], ["izer", "ize"], ["bli", "ble"], ["alli", "al"], ["entli", "ent"], ["eli", "e"], ["ousli", "ous"],
  ["ization", "ize"], ["ation", "ate"], ["ator", "ate"], ["alism", "al"], ["iveness", "ive"], ["fulness", "ful"], ["ousness", "ous"], ["aliti", "al"], ["iviti", "ive"], ["biliti", "ble"],
  ["fulli", "ful"], ["logi", "log", (rest) => positive(`${rest}l`)],
], positive);

/** Step 3. */
const suffixes = first([["icate", "ic"], ["ative", ""], ["alize", "al"], ["iciti", "ic"], ["ical", "ic"], ["ful", ""], ["ness", ""]], positive);

/** Step 4. */
const longSuffixes = first([
  ...["al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent"].map((suffix): Rule => [suffix, ""]),
  ["ion", "", (rest) => long(rest) && /[st]$/.test(rest)],
  ...["ou", "ism", "ate", "iti", "ous", "ive", "ize"].map((suffix): Rule => [suffix, ""]),
], long);

/** Step 5a. */
const finalE = first([["e", "", (rest) => long(rest) || (measure(rest) === 1 && !endsShort(rest))]], always);

/** Step 5b. */
const finalDoubleL = first([["ll", "l", (rest) => long(`${rest}l`)]], always);
