// Every section of a report, on ablations and runs of every kind: whole HTML and Markdown, no requests, pictures that are XML.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderReport } from "../../runtime/reports/_report.ts";
import { ablationSubject, type Subject } from "../../runtime/reports/_subject.ts";
import type { ReportSection } from "../../runtime/reports/define.ts";
import { reports } from "../../runtime/reports/index.ts";
import { removeFolder } from "../reports/folder.ts";
import { emptyResult, resultOf, rowOf, seeded, writeAblation } from "../reports/results.ts";
import { newFolder } from "../harness/cli.ts";

let folder = "";
const subjects: { [name: string]: Subject } = {};

beforeAll(() => {
  folder = newFolder({});
  const of = (name: string, text = readFileSync(join(folder, name, "result.json"), "utf8")): Subject => ablationSubject(text, "result.json", join(folder, name));
  writeAblation(folder, "models", [
    { label: "baseline", accuracy: 0.9, loss: 3 },
    { label: "Odd | <b>\"label\"</b> & 'more'", accuracy: 0.8, loss: 3.2, mask: "causal & window(4)" },
    { label: "broken", accuracy: 0, loss: 0, failed: "PT8003: the loss is not a number <at> step 12" },
  ], { published: { file: "them.csv", columns: ["GLUE"], rows: [{ label: "Baseline", values: [83] }, { label: "odd b label b more", values: [80] }] } });
  writeAblation(folder, "scaling", [8, 16, 24, 32].map((width) => ({ label: `width ${width}`, accuracy: 0.9, loss: 2 + 4 / width, width })), { fit: { over: ["parameters", "tokens", "flops"] } });
  writeAblation(folder, "one-seed", [{ label: "baseline", accuracy: 0.9, loss: 3 }, { label: "wide", accuracy: 0.91, loss: 2.9, width: 24 }], {}, { seeds: 1 });
  Object.assign(subjects, {
    "an ablation": of("models"),
    "a scaling law": of("scaling"),
    "one seed": of("one-seed"),
    "an empty result": of("empty", JSON.stringify(emptyResult)),
    "two hundred rows": of("huge", JSON.stringify(resultOf(Array.from({ length: 200 }, (_, i) => rowOf(`row ${i}`, { "spam.accuracy": seeded(i / 300, i / 300 + 0.01, i / 300 + 0.02) }, { baseline: i === 0 }))))),
  });
});
afterAll(() => removeFolder(folder));

const names = ["an ablation", "a scaling law", "one seed", "an empty result", "two hundred rows"];

describe.each(names)("%s", (name) => {
  test("makes a page that needs nothing else, with a heading for each section and names for what is not text", async () => {
    const { text } = await renderReport(subjects[name], "html");
    expect(text).not.toMatch(/(?:src|href)="(?!#)|url\(|@import|<script|<link/i);
    const { document } = parseHTML(text);
    const sections = [...document.querySelectorAll("section")];
    expect(sections.length).toBeGreaterThan(0);
    for (const section of sections) expect(document.getElementById(section.getAttribute("aria-labelledby")!)?.textContent).not.toBe("");
    for (const link of document.querySelectorAll("nav a")) expect(document.getElementById(link.getAttribute("href")!.slice(1))).not.toBeNull();
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const svg of document.querySelectorAll("figure svg")) {
      expect(svg.getAttribute("role")).toBe("img");
      expect(svg.getAttribute("aria-label")).not.toBe("");
      expect(svg.getAttribute("viewBox")).toMatch(/^0 0 [\d.]+ [\d.]+$/);
    }
    expect(text).not.toMatch(/>(?:undefined|NaN|\[object Object\]|null)</);
  });

  test("makes Markdown whose pictures are there, each of them whole and of numbers", async () => {
    const { text, files } = await renderReport(subjects[name], "markdown");
    const links = [...text.matchAll(/\]\(report\/([^)]+)\)/g)].map(([, file]) => file);
    expect(links.sort()).toEqual(Object.keys(files).sort());
    expect(new Set(links).size).toBe(links.length);
    for (const svg of Object.values(files)) {
      expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(text).not.toMatch(/undefined|\bNaN\b|\[object/);
  });

  test("is the same each time", async () => {
    const [first, second] = [await renderReport(subjects[name], "html"), await renderReport(subjects[name], "html")];
    expect(first.text).toBe(second.text);
  });
});

describe("sections", () => {
  const all = Object.entries(reports) as unknown as [string, ReportSection][];
  test("have titles and places of their own", () => {
    expect(new Set(all.map(([, { title }]) => title)).size).toBe(all.length);
    expect(new Set(all.map(([, { order }]) => order)).size).toBe(all.length);
  });
  // Those of single runs and folders of runs: tests/commands/report.test.ts.
  const elsewhere = ["data", "overview", "fine-tuning"];
  test.each(all.filter(([word]) => !elsewhere.includes(word)))("%s has something to say of an ablation", async (_, section) => {
    const said = await Promise.all(names.map(async (name) => (section.applies(subjects[name]) ? (await section.blocks(subjects[name])).length : 0)));
    expect(Math.max(...said)).toBeGreaterThan(0);
  });
});

test("labels are shown as they are, and failures with their reason", async () => {
  const { text } = await renderReport(subjects["an ablation"], "html");
  const { document } = parseHTML(text);
  const rows = [...document.querySelectorAll("tbody th")].map((element) => element.textContent);
  expect(rows).toContain("Odd | <b>\"label\"</b> & 'more'");
  expect([...document.querySelectorAll("tr.note")].map((element) => element.textContent).join()).toContain("small, seeds 0, 1 and 2: PT8003: the loss is not a number <at> step 12");
});
