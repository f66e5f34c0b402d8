// Texts with holes, `"English: {english}\nFrench: "`: parts in order, and the one function that fills them.

/** Text and names of columns in the order of the text. */
export type Template = readonly ({ readonly text: string } | { readonly hole: string })[];

/** What is asked, and the answer, as a plan holds them: texts of templates. */
export interface PlanPrompt { readonly inputs: string; readonly targets: string }

/** The template as one text: a hole is `{name}`, a plain brace `\{`, a backslash `\\`. `readTemplate` reads it back. */
export function templateText(template: Template): string {
  return template.map((part) => ("hole" in part ? `{${part.hole}}` : part.text.replace(/[\\{]/g, "\\$&"))).join("");
}

/** The inverse of `templateText`. */
export function readTemplate(text: string): Template {
  const parts: ({ text: string } | { hole: string })[] = [];
  for (const [whole, escaped, hole] of text.matchAll(/\\([\\{])|\{([^{}]+)\}|[^\\{]+|[\\{]/gu)) {
    if (hole !== undefined) parts.push({ hole });
    else {
      const piece = escaped ?? whole;
      const last = parts.at(-1);
      if (last && "text" in last) last.text += piece;
      else parts.push({ text: piece });
    }
  }
  return parts;
}

/** The text with every hole filled by `fill`, which gets the name of a column. */
export function fillTemplate(template: Template, fill: (column: string) => string): string {
  return template.map((part) => ("hole" in part ? fill(part.hole) : part.text)).join("");
}

/** Names of its holes, each once, in order. */
export function holesOf(template: Template): string[] {
  return [...new Set(template.flatMap((part) => ("hole" in part ? [part.hole] : [])))];
}
