// A value of the user's data as messages show it: one line of it, and not more than fits there.

const most = 60;

/** In backticks; a line end as `\n`, other control characters as `\x1b`, what does not fit as `…`. */
export function quoted(text: string): string {
  const letters = [...text.slice(0, 2 * most + 2)];
  const line = letters.slice(0, most).join("").replace(/[\u0000-\u001f\u007f]/g, (sign) => (sign === "\n" ? "\\n" : sign === "\r" ? "\\r" : sign === "\t" ? "\\t" : `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`));
  return `\`${line}${letters.length > most ? "…" : ""}\``;
}
