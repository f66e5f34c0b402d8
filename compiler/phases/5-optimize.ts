// Rewrites a graph with titled rows until none fires. Named inputs and outputs stay; values keep their meaning.

import { createBuilder } from "../graph/builder.ts";
import type { Graph, Node, ValueId } from "../graph/node.ts";
import { describeInfo, sameInfo } from "../graph/verify.ts";
import { matchPattern } from "../rewrites/_match.ts";
import type { MatchContext } from "../rewrites/_match.ts";
import type { GraphRewrite, Match, Pattern, PatternRewrite, RewriteFamily } from "../rewrites/define.ts";
import { algebra } from "../rewrites/algebra.ts";
import { common } from "../rewrites/common.ts";
import { dead } from "../rewrites/dead.ts";
import { fold } from "../rewrites/fold.ts";
import { fuse } from "../rewrites/fuse.ts";

export interface Firing { readonly title: string; readonly scope: string }

/** In the order in which they are tried. Dead nodes go before `fuse` joins what is left: a gradient of a frozen weight must not be kept for that of its bias. */
export const allFamilies: readonly RewriteFamily[] = [fold, algebra, dead, fuse, common];

/** More rounds than any chain of rewrites needs: beyond it two rows undo each other. */
const roundLimit = 50;

/**
 * The optimized graph, its values numbered without gaps. Linear in the nodes a round; rounds are few, because a sweep sees
 * inputs already rewritten. Running it again changes nothing. `onFire` sees every change, for `pt compile --explain`.
 */
export function optimize(graph: Graph, families: readonly RewriteFamily[] = allFamilies, onFire: (firing: Firing) => void = () => {}): Graph {
  const rows = families.flatMap((family) => family.rows);
  const patterns = rows.filter((row): row is PatternRewrite => "pattern" in row);
  const whole = rows.filter((row): row is GraphRewrite => "rewrite" in row);
  const byOp = indexByOp(patterns);

  let current = graph;
  for (let round = 0; ; round++) {
    if (round === roundLimit) throw new Error(`rewrites do not come to an end after ${roundLimit} rounds`);
    let fired = 0;
    const fire = (title: string, scope: string): void => {
      fired++;
      onFire({ title, scope });
    };
    if (patterns.length) current = sweep(current, byOp, fire);
    for (const row of whole) current = row.rewrite(current, (scope) => fire(row.title, scope));
    if (fired === 0) return current;
  }
}

/** How often each row fired, most first: the summary of a trace. */
export function countFirings(trace: readonly Firing[]): { title: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { title } of trace) counts.set(title, (counts.get(title) ?? 0) + 1);
  return [...counts].map(([title, count]) => ({ title, count })).sort((a, b) => b.count - a.count || (a.title < b.title ? -1 : 1));
}

type Candidate = { readonly row: PatternRewrite; readonly pattern: Pattern };
type RowIndex = (op: string) => readonly Candidate[];

/** Rows that can match a node of an op, in their order. */
function indexByOp(rows: readonly PatternRewrite[]): RowIndex {
  const all = rows.flatMap((row) => (Array.isArray(row.pattern) ? (row.pattern as readonly Pattern[]) : [row.pattern as Pattern]).map((pattern) => ({ row, pattern })));
  const known = new Map<string, Candidate[]>();
  return (op) => {
    let list = known.get(op);
    if (!list) known.set(op, (list = all.filter(({ pattern }) => pattern.op === "*" || pattern.op === op || (Array.isArray(pattern.op) && pattern.op.includes(op)))));
    return list;
  };
}

/** Rebuilds the graph node by node, each node being replaced by the first row that matches it. */
function sweep(graph: Graph, rowsOf: RowIndex, fire: (title: string, scope: string) => void): Graph {
  const b = createBuilder();
  const renamed: ValueId[] = [];
  const producers: (Node | undefined)[] = [];
  const uses: number[] = [];
  const oldUses = countUses(graph);
  let seen = 0;
  const noteNewNodes = (): void => {
    for (; seen < b.nodes.length; seen++) for (const value of b.nodes[seen].outputs) producers[value] = b.nodes[seen];
  };
  // A rewritten value is used as often as the values that it stands for; stale counts only delay a row until the next round.
  const rename = (old: ValueId, value: ValueId): void => {
    renamed[old] = value;
    uses[value] = (uses[value] ?? 0) + oldUses[old];
  };
  const context: MatchContext = { info: b.info, producer: (value) => producers[value], uses: (value) => uses[value] ?? 0 };

  for (const [name, value] of Object.entries(graph.inputs)) rename(value, b.input(name, graph.values[value]));
  for (const old of graph.nodes) {
    const inputs = old.inputs.map((value) => (value === null ? null : renamed[value]));
    const node: Node = { ...old, inputs };
    const found = node.outputs.length === 1 ? firstMatch(rowsOf(node.op), node, graph, context) : null;
    if (found) {
      const value = b.at(node.scope, () => found.row.replacement(b, found.match));
      if (!sameInfo(b.info(value), found.match.result)) throw new Error(`rewrite "${found.row.title}" turns ${describeInfo(found.match.result)} into ${describeInfo(b.info(value))}`);
      noteNewNodes();
      rename(old.outputs[0], value);
      fire(found.row.title, node.scope);
    } else {
      const outputs = b.at(node.scope, () => b.add_node(node.op, inputs, node.attributes));
      noteNewNodes();
      old.outputs.forEach((value, i) => rename(value, outputs[i]));
    }
  }
  for (const [name, value] of Object.entries(graph.outputs)) b.output(name, renamed[value]);
  return b.finish();
}

function firstMatch(rows: readonly Candidate[], node: Node, graph: Graph, context: MatchContext): { row: PatternRewrite; match: Match } | null {
  for (const { row, pattern } of rows) {
    const match = matchPattern(pattern, node, graph.values[node.outputs[0]], context);
    if (match && (!row.condition || row.condition(match))) return { row, match };
  }
  return null;
}

/** How many inputs of nodes and graph outputs a value is. */
function countUses(graph: Graph): Int32Array {
  const uses = new Int32Array(graph.values.length);
  for (const node of graph.nodes) for (const value of node.inputs) if (value !== null) uses[value]++;
  for (const value of Object.values(graph.outputs)) uses[value]++;
  return uses;
}
