// A value of the user's data as messages show it: one line of it, and not more than fits there.

const most = 60;

/** In backticks; a line end as `\n`, what does not fit as `…`. */
export function quoted(text: string): string {
  const line = text.slice(0, most + 1).replaceAll("\r", "\\r").replaceAll("\n", "\\n");
  return `\`${line.length > most ? `${line.slice(0, most)}…` : line}\``;
}
