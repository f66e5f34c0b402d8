// Our numbers beside the published ones, and whether their orderings agree.

import { code, text, type Block } from "./_blocks.ts";
import { defineSection } from "./define.ts";
import { fixed, plainText, uncertainText } from "./_number-text.ts";
import { comparePublished, type ColumnAgreement, type PublishedComparison } from "./_published.ts";
import { listText, type AblationSummary } from "./_summary.ts";

/** Pairs that are listed one by one, at most. */
const most = 45;

export const published = defineSection({
  title: "Against the published table",
  order: 30,
  applies: (subject) => subject.kind === "ablation" && subject.summary.result.published !== null,
  blocks: (subject) => {
    if (subject.kind !== "ablation") return [];
    const compared = comparePublished(subject.summary)!;
    const source = text("Published numbers are those of ", code(compared.file), ".", compared.unmatched.length ? ` Rows that only it has: ${listText(compared.unmatched)}.` : "");
    if (!compared.matched.length || !compared.columns.length) return [source, text("No row of it has the label of a row here: nothing can be compared.")];
    return [source, valuesTable(compared, subject.summary), ...agreementBlocks(compared, subject.summary)];
  },
});

function valuesTable({ columns, matched }: PublishedComparison, { rows, measures }: AblationSummary): Block {
  const ours = measures.flatMap(({ measure }) => [{ title: measure.name, numeric: true }, { title: "difference", numeric: true }]);
  const others = columns.flatMap(({ title, differences }) => [{ title: `published ${title}`, numeric: true }, ...(differences.some((value) => value !== null) ? [{ title: "difference", numeric: true }] : [])]);
  return {
    kind: "table",
    caption: "Rows that both tables have, each with its difference from its own baseline.",
    columns: [{ title: "" }, ...ours, ...others],
    rows: matched.map(({ row: i }) => ({
      strong: rows[i].row.baseline || rows[i].sameAsBaseline,
      cells: [
        rows[i].row.label,
        ...measures.flatMap(({ cells }) => {
          const { moments, difference, beyond } = cells[i];
          return [moments ? uncertainText(moments.mean, moments.deviation) : "—", difference && !rows[i].sameAsBaseline ? `${uncertainText(difference.value, difference.error, true)}${beyond ? " *" : ""}` : ""];
        }),
        ...columns.flatMap(({ values, differences }) => [values[i] === null ? "" : plainText(values[i]!), ...(differences.some((value) => value !== null) ? [differences[i] === null ? "" : plainText(differences[i]!, true)] : [])]),
      ],
    })),
  };
}

function agreementBlocks({ agreements }: PublishedComparison, summary: AblationSummary): Block[] {
  const usable = agreements.filter(({ rows }) => rows.length > 1);
  if (!usable.length) return [text("Fewer than two rows have values on both sides: there is no ordering to compare.")];
  const spread = usable.some(({ column }) => column.deviation !== null);
  return [
    { kind: "heading", text: "Agreement of orderings" },
    text(
      "Each pair of rows is reproduced (both tables order it, alike), contradicted (both order it, differently) or one cannot tell: ours does not tell the two rows apart (two standard deviations of the baseline, two standard errors of their difference), or the published values ",
      spread ? "differ by no more than two published standard deviations. " : "are equal; the published table gives no standard deviations. ",
      "τ is Kendall's τ-b, in which such pairs are ties: 1 the same order, −1 the reverse.",
    ),
    {
      kind: "table",
      caption: "",
      columns: [{ title: "ours" }, { title: "published" }, { title: "reproduced", numeric: true }, { title: "contradicted", numeric: true }, { title: "cannot tell", numeric: true }, { title: "τ-b", numeric: true }],
      rows: usable.map(({ measure, column, agreement: { counts, tau } }) => ({ cells: [measure.measure.name, column.title, String(counts.reproduced), String(counts.contradicted), String(counts["cannot tell"]), tau === null ? "—" : fixed(tau, 2, true)] })),
    },
    { kind: "details", summary: "Every pair of rows", blocks: usable.flatMap((one): Block[] => [{ kind: "heading", text: `${one.measure.measure.name} against ${one.column.title}` }, pairsTable(one, summary)]) },
  ];
}

function pairsTable({ rows, agreement: { pairs } }: ColumnAgreement, summary: AblationSummary): Block {
  const label = (i: number): string => summary.rows[rows[i]].row.label;
  const why = { ours: "ours does not tell them apart", published: "the published values do not differ enough", both: "neither tells them apart" };
  // What agrees and what does not comes before what says nothing.
  const ordered = [...pairs.filter(({ verdict }) => verdict === "contradicted"), ...pairs.filter(({ verdict }) => verdict === "reproduced"), ...pairs.filter(({ verdict }) => verdict === "cannot tell")];
  return {
    kind: "table",
    caption: ordered.length > most ? `${most} of ${ordered.length} pairs, what agrees or contradicts first.` : "",
    columns: [{ title: "published" }, { title: "here" }],
    rows: ordered.slice(0, most).map(({ better, worse, verdict, tie }) => ({ cells: [tie === "published" || tie === "both" ? `${label(better)} and ${label(worse)}` : `${label(better)} above ${label(worse)}`, tie ? `${verdict}: ${why[tie]}` : verdict] })),
  };
}
