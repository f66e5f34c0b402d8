// Natural order of names: `chapter_2` before `chapter_10`. On UTF-16 code units, so no locale can change it.

/** Compares runs of ASCII digits by value and all else by code unit; equal values differ by leading zeros (fewer first). Zero only for equal names. */
export function compareNatural(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
      const endA = digitsEnd(a, i);
      const endB = digitsEnd(b, j);
      const order = compareDigits(a.slice(i, endA), b.slice(j, endB));
      if (order !== 0) return order;
      i = endA;
      j = endB;
    } else {
      const difference = a.charCodeAt(i) - b.charCodeAt(j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
  }
  return a.length - i - (b.length - j) || (a < b ? -1 : a > b ? 1 : 0);
}

function compareDigits(a: string, b: string): number {
  const valueA = a.replace(/^0+(?=.)/, "");
  const valueB = b.replace(/^0+(?=.)/, "");
  if (valueA.length !== valueB.length) return valueA.length - valueB.length;
  if (valueA !== valueB) return valueA < valueB ? -1 : 1;
  return a.length - b.length;
}

function digitsEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
