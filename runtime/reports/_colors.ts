// Colours of pictures: variables with a light and a dark value each, told apart with any kind of colour blindness (Okabe and Ito 2008, darkened and lightened for contrast).

export const series = ["var(--series-0)", "var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)", "var(--series-5)", "var(--series-6)", "var(--series-7)"] as const;
/** Lines differ by their dashes too. */
export const dashes = ["none", "none", "7,3", "2,2", "9,3,2,3", "none", "5,5", "1,3"] as const;

const light = ["#1a1a1a", "#0072b2", "#c04a00", "#007a58", "#a8477d", "#8a6400", "#3a7fb0", "#6b4fbb"];
const dark = ["#f0f0f0", "#5ab4f0", "#ff8a45", "#2fd0a0", "#ee9bc9", "#f0b83c", "#9bd6ff", "#b9a5ff"];

const variables = (colors: readonly string[], more: string): string => `${colors.map((color, i) => `--series-${i}:${color}`).join(";")};${more}`;

/** `--ink` and `--paper` are the page's; `--plot-background` is what Observable Plot paints behind marks. */
export const lightVariables = variables(light, "--ink:#1a1a1a;--soft:#555;--paper:#fff;--panel:#f5f6f8;--line:#d5d8dd;--accent:#0060a8;--plot-background:#fff;--mask:#2563eb;--mask-edge:#b45309");
export const darkVariables = variables(dark, "--ink:#e8e8e8;--soft:#aab0b8;--paper:#15171a;--panel:#1f2226;--line:#3a3f46;--accent:#7cc0ff;--plot-background:#15171a;--mask:#6aa0ff;--mask-edge:#f5b03c");

/** A picture as a file of its own: with its namespace, colours of either scheme, and a ground to stand on. */
export function standalone(svg: string): string {
  const style = `<style>svg{${lightVariables};color:var(--ink);background:var(--paper)}@media (prefers-color-scheme:dark){svg{${darkVariables}}}</style>`;
  return `${svg.trimEnd().replace(/^<svg(?![^>]*\bxmlns=)/, '<svg xmlns="http://www.w3.org/2000/svg"').replace(/^(<svg[^>]*>)/, `$1${style}`)}\n`;
}
