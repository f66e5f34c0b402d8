// A model as boxes: a column for each stack and for the heads, layers from top to bottom, residual streams as lines beside them, repeats as frames.

import type { LayerView, ModelView, ViewStep } from "../../compiler/show.ts";
import { short } from "../terminal/numbers.ts";
import { entities } from "./_html.ts";

const [column, gap, box, space, inset, beside, between] = [330, 36, 26, 9, 12, 20, 30];

interface Drawing { readonly parts: string[]; y: number }

export function architectureSvg(view: ModelView): string {
  // Heads are short: they stand below the last stack.
  const stacks = view.sections.filter(({ steps }) => steps.some((step) => step.kind !== "layer"));
  const heads = view.sections.filter((section) => !stacks.includes(section));
  const columns = stacks.length ? stacks.map((section, i) => (i === stacks.length - 1 ? [section, ...heads] : [section])) : [heads];
  let deepest = 0;
  const parts = columns.flatMap((sections, i) => {
    const drawing: Drawing = { parts: [], y: 16 };
    const x = 8 + i * (column + between);
    for (const { name, steps } of sections) {
      drawing.parts.push(`<text x="${x}" y="${drawing.y}" font-weight="700" font-size="14" fill="var(--ink)">${entities(name)}</text>`);
      drawing.y += 12;
      drawSteps(steps, x, column, drawing);
      drawing.y += gap;
    }
    deepest = Math.max(deepest, drawing.y - gap + 8);
    return drawing.parts;
  });
  const width = 16 + columns.length * (column + between) - between;
  return `<svg viewBox="0 0 ${width} ${deepest}" width="${width}" height="${deepest}" font-family="system-ui, sans-serif" font-size="12" fill="var(--ink)">${parts.join("")}</svg>`;
}

function drawSteps(steps: readonly ViewStep[], x: number, width: number, drawing: Drawing): void {
  steps.forEach((step, i) => {
    if (i > 0) {
      drawing.parts.push(`<path d="M${x + width / 2} ${drawing.y}v${space}" stroke="var(--soft)"/>`);
      drawing.y += space;
    }
    if (step.kind === "layer") drawLayer(step.layer, x, width, drawing);
    else if (step.kind === "repeat") {
      const period = step.shown.length;
      framed(period === 1 ? `× ${step.copies}` : period === step.copies ? `${period} layers, each different` : `${step.copies} layers, ${period} in turn`, x, width, drawing, (innerX, innerWidth) => step.shown.forEach((copy, n) => {
        if (n > 0) drawing.y += space;
        drawSteps(copy.steps, innerX, innerWidth, drawing);
      }));
    } else if (step.kind === "residual") {
      // The stream passes by on the right and is added below.
      const [middle, right, top] = [x + width / 2, x + width - 6, drawing.y];
      drawing.parts.push(`<path d="M${middle} ${top - (i > 0 ? space / 2 : 0)}v${space}" stroke="var(--soft)"/>`);
      drawing.y += space;
      drawSteps(step.steps, x + beside, width - 2 * beside, drawing);
      const sum = drawing.y + space + 2;
      drawing.parts.push(`<path d="M${middle} ${top}H${right}V${sum}H${middle + 6.5}M${middle} ${drawing.y}V${sum - 6.5}" fill="none" stroke="var(--soft)" stroke-width="1.2"/><circle cx="${middle}" cy="${sum}" r="6.5" fill="none" stroke="var(--soft)"/><path d="M${middle - 3.5} ${sum}h7m-3.5 -3.5v7" stroke="var(--soft)" stroke-width="1.2"/>`);
      drawing.y = sum + 6.5;
    } else framed(step.kind, x, width, drawing, (innerX, innerWidth) => drawSteps(step.steps, innerX, innerWidth, drawing));
  });
}

function framed(title: string, x: number, width: number, drawing: Drawing, inside: (x: number, width: number) => void): void {
  const top = drawing.y;
  drawing.y += 22;
  const at = drawing.parts.length;
  inside(x + inset, width - 2 * inset);
  drawing.y += inset;
  drawing.parts.splice(at, 0, `<rect x="${x}" y="${top}" width="${width}" height="${drawing.y - top}" rx="8" fill="none" stroke="var(--soft)" stroke-dasharray="4 3"/><text x="${x + inset}" y="${top + 15}" font-weight="700" fill="var(--soft)">${entities(title)}</text>`);
}

/** Mixing of positions has the accent, everything else the plain colour. */
function drawLayer({ word, arguments: given, parameters, shares }: LayerView, x: number, width: number, drawing: Drawing): void {
  const mixes = /attention/.test(word);
  const counted = shares !== null ? "shared" : parameters ? short(parameters) : "";
  const room = Math.floor((width - 16 - counted.length * 6.5) / 6.4);
  const whole = given ? `${word}(${given})` : word;
  const shown = whole.length > room ? `${whole.slice(0, Math.max(word.length, room - 1))}…` : whole;
  drawing.parts.push(`<g><title>${entities(whole)}</title><rect x="${x}" y="${drawing.y}" width="${width}" height="${box}" rx="5" fill="var(--panel)" stroke="${mixes ? "var(--mask)" : "var(--line)"}" stroke-width="${mixes ? 1.6 : 1}"/><text x="${x + 8}" y="${drawing.y + 17}">${entities(shown)}</text>${counted ? `<text x="${x + width - 8}" y="${drawing.y + 17}" text-anchor="end" font-size="11" fill="var(--soft)">${entities(counted)}</text>` : ""}</g>`);
  drawing.y += box;
}
