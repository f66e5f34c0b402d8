// From UTF-16 units to Unicode code points.

/** Code point index of a unit offset of a text; offsets may come in any order, ascending is fast. */
export type PointIndex = (offset: number) => number;

export function pointIndex(text: string): PointIndex {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return (offset) => offset;
  const points = new Int32Array(text.length + 1);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const before = i > 0 ? text.charCodeAt(i - 1) : 0;
    // The second half of a pair begins no character.
    if (!(code >= 0xdc00 && code <= 0xdfff && before >= 0xd800 && before <= 0xdbff)) count++;
    points[i + 1] = count;
  }
  return (offset) => points[offset];
}
