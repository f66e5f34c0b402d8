import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { batchOf } from "../objectives/plans.ts";
import { createBuilder } from "../../compiler/graph/builder.ts";
import type { Graph } from "../../compiler/graph/node.ts";
import { openSession } from "../../runtime/session.ts";
import type { Feed, Session } from "../../runtime/session.ts";
import { measureBackend } from "../../runtime/backends/_measure.ts";
import { benchPlan } from "../../runtime/training/bench.ts";
import { initialParameters, initialState } from "../../runtime/training/parameters.ts";
import { createTrainer } from "../../runtime/training/trainer.ts";
import { tinyPlan } from "../training/tiny-plan.ts";

const vector = { shape: [4], dtype: "float32" } as const;

/** y = 2x + x², and x itself, and y again under another name. */
function sampleGraph(): Graph {
  const b = createBuilder();
  const x = b.input("x", vector);
  const y = b.add(b.scale(x, { factor: 2 }), b.square(x));
  b.output("y", y);
  b.output("again", y);
  b.output("x", x);
  return b.finish();
}

describe.each([["cpu", "own"], ["cpu", "plain"], ["wasm", "own"], ["wasm", "plain"]] as const)("%s, %s kernels", (backend, kernels) => {
  let session: Session;
  let before: ReturnType<Session["memory"]>;
  beforeEach(async () => {
    session = await openSession(backend, { kernels });
    before = session.memory();
  });
  afterEach(() => expect(session.memory()).toEqual(before));

  test("every output is a handle of its own", async () => {
    const x = session.upload(Float32Array.of(1, 2, 3, 4), [4]);
    const results = session.program(sampleGraph()).run(new Map([["x", x]]));
    session.dispose(x);
    session.dispose(results.get("y")!);
    expect([...(await session.read(results.get("again")!))]).toEqual([3, 8, 15, 24]);
    expect([...(await session.read(results.get("x")!))]).toEqual([1, 2, 3, 4]);
    session.dispose(results.values());
  });

  test("arrays are copied in, and a misfit or missing feed leaves nothing behind", () => {
    const program = session.program(sampleGraph());
    const data = Float32Array.of(1, 2, 3, 4);
    session.dispose(program.run(new Map([["x", data]])).values());
    expect([...data]).toEqual([1, 2, 3, 4]);
    expect(() => program.run(new Map())).toThrow("input `x` is not fed");
    expect(() => program.run(new Map([["x", new Float32Array(3)]]))).toThrow("takes float32 [4]");
    expect(() => program.run(new Map([["x", new Int32Array(4)]]))).toThrow("not 4 of int32");
  });

  test("an op that fails in the middle leaves no tensor behind", () => {
    const b = createBuilder();
    const ids = b.input("ids", { shape: [2], dtype: "int32" });
    const y = b.scale(b.input("x", { shape: [3, 2], dtype: "float32" }), { factor: 2 });
    b.output("early", b.square(y));
    b.output("z", b.embedding(y, ids, { padding: null }));
    const graph = b.finish();
    const broken: Graph = { ...graph, nodes: graph.nodes.map((node) => (node.op === "embedding" ? { ...node, op: "activate", attributes: { activation: "nothing" } } : node)) };
    const feeds = new Map<string, Feed>([["ids", Int32Array.of(0, 1)], ["x", new Float32Array(6)]]);
    expect(() => session.program(broken).run(feeds)).toThrow();
  });

  test("tensors and bytes stay the same over a thousand steps", { timeout: 60_000 }, async () => {
    const plan = tinyPlan({ width: 4, heads: 1, length: 4, batch: 2, micro: 1 });
    const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan));
    const batch = batchOf(2, { tokens: new Int32Array(8).fill(3), "lm.targets": new Int32Array(8).fill(4), positions: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3), real: new Int32Array(8).fill(1), documents: new Int32Array(8), "lm.weights": new Float32Array(8).fill(1) });
    const step = async (n: number): Promise<void> => void (await trainer.update((await trainer.gradients(batch, n, 0)).gradients, 1e-3, n));
    await step(1);
    const alive = session.memory();
    for (let n = 2; n <= (kernels === "own" ? 1001 : 51); n++) await step(n);
    expect(session.memory()).toEqual(alive);
    trainer.dispose();
  });
});

test("an unknown backend names the nearest", async () => {
  await expect(openSession("wasn")).rejects.toMatchObject({ diagnostics: [{ code: "PT8001", hint: "did you mean `wasm`?" }] });
});

test("a full heap of wasm is a diagnostic, and the session goes on", async () => {
  const session = await openSession("wasm");
  const before = session.memory();
  const huge = createBuilder();
  huge.output("y", huge.broadcast_to(huge.input("x", { shape: [], dtype: "float32" }), { shape: [1100, 1024, 1024] }));
  expect(() => session.program(huge.finish()).run(new Map([["x", Float32Array.of(1)]]))).toThrowError(/PT8002.*no memory for another 4614 MB/);
  expect(session.memory()).toEqual(before);
  const results = session.program(sampleGraph()).run(new Map([["x", Float32Array.of(1, 2, 3, 4)]]));
  expect([...(await session.read(results.get("y")!))]).toEqual([3, 8, 15, 24]);
  session.dispose(results.values());
});

test("speeds are measured", async () => {
  expect(await measureBackend("wasm")).toBeGreaterThan(1);
  const bench = await benchPlan(tinyPlan(), "wasm", 3);
  expect(bench.step_seconds.min).toBeLessThanOrEqual(bench.step_seconds.median);
  expect(bench.tokens_per_second).toBeCloseTo(64 / bench.step_seconds.median, 5);
  expect(bench.peak_memory).toBeGreaterThan(1e6);
});
