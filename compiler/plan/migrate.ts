// Keeps older plans readable: one step per format, each from its format to the next.

/** What this program writes (`Plan.format`). */
export const currentFormat = 4;

/** The oldest format that is still read. */
export const oldestFormat = 1;

type Json = { readonly [key: string]: unknown };

/** A step takes a whole plan of its format; what it returns need not set `format`. */
export type Migration = (plan: Json) => Json;
export type Migrations = { readonly [from: number]: Migration };

/** By the format that a step starts from. */
export const migrations: Migrations = { 1: withObjective, 2: (plan) => withKindsOfSources(withoutTeachers(plan)), 3: (plan) => withoutImages(withoutTasks(plan)) };

/** Format 1 knew one objective: next-token prediction with the head `lm` of one stack. Its fields have the head's name since. */
function withObjective(plan: Json): Json {
  // What is not there the schema reports afterwards.
  const length = (plan.lengths as { inputs?: number } | undefined)?.inputs ?? 1;
  const names: Readonly<Record<string, string>> = { targets: "lm.targets", weights: "lm.weights", count: "lm.count", loss_sum: "sum:lm" };
  const renamed = (map: Json | undefined): Json => Object.fromEntries(Object.entries(map ?? {}).map(([name, value]) => [names[name] ?? name, value]));
  const graphs = Object.fromEntries(Object.entries((plan.graphs ?? {}) as { [name: string]: Json | null }).map(([name, graph]) =>
    [name, graph && { ...graph, inputs: renamed(graph.inputs as Json), outputs: renamed(graph.outputs as Json) }]));
  const objective = {
    text: "causal_lm",
    entries: [{
      name: "causal_lm", share: 1, layout: "next", frame: { before: [], between: [], after: [], close: [] }, pair: null, stages: [],
      terms: [{ head: "lm", target: "next", weight: 1 }], lengths: { raw: length + 1, inputs: length, targets: length },
    }],
    losses: [{ head: "lm", weight: 1, kind: "tokens", places: null }],
    streams: { inputs: { prefix: "", length, segments: false }, targets: null },
    prefix: false,
  };
  return { ...plan, graphs, objective };
}

/** Format 3 knew no tasks and no adaptations; its metrics had no options. */
function withoutTasks(plan: Json): Json {
  const objective = plan.objective as Json | undefined;
  const evaluation = plan.evaluation as Json | null | undefined;
  const entries = ((objective?.entries ?? []) as Json[]).map((entry) => ({ task: null, ...entry }));
  const streams = objective?.streams as { readonly inputs?: Json; readonly targets?: Json | null } | undefined;
  const withPlaceholders = (stream: Json | null | undefined): unknown => stream && { placeholders: [], ...stream };
  return {
    adapt: null,
    ...plan,
    ...(plan.from ? { from: { imported: false, ...(plan.from as Json) } } : {}),
    ...(objective ? { objective: { ...objective, entries, ...(streams ? { streams: { inputs: withPlaceholders(streams.inputs), targets: withPlaceholders(streams.targets) } } : {}) } } : {}),
    ...(evaluation ? { evaluation: { ...evaluation, metrics: ((evaluation.metrics ?? []) as string[]).map((word) => ({ word, arguments: {} })) } } : {}),
  };
}

/** Format 2 knew no teachers. */
function withoutTeachers(plan: Json): Json {
  return { ...plan, teachers: [], objective: { ...(plan.objective as Json), lessons: [] } };
}

/** Format 2 knew one kind of source: files of text. */
function withKindsOfSources(plan: Json): Json {
  const source = (old: unknown): unknown => (old ? { kind: "files", columns: {}, text: "text", clean: [], malformed: 0, ...(old as Json) } : old);
  const [tokenizer, evaluation] = [plan.tokenizer, plan.evaluation] as (Json | null | undefined)[];
  return {
    ...plan,
    data: source(plan.data),
    ...(tokenizer ? { tokenizer: { ...tokenizer, trained_on: source(tokenizer.trained_on) } } : {}),
    ...(evaluation ? { evaluation: { ...evaluation, data: source(evaluation.data) } } : {}),
  };
}

/** Format 3 knew no images, and no statistics of a batch. */
function withoutImages(plan: Json): Json {
  const objective = plan.objective as Json | undefined;
  return { ...plan, objective: objective && { ...objective, streams: { ...(objective.streams as Json), images: null } }, graphs: { statistics: null, ...(plan.graphs as Json) } };
}

/** The plan in format `current`, its hash no longer true when a step was taken. Throws when a step is missing: a bug. */
export function migratePlan(plan: Json & { readonly format: number }, table: Migrations = migrations, current: number = currentFormat): Json & { readonly format: number } {
  let result = plan;
  while (result.format < current) {
    const step = table[result.format];
    if (!step) throw new Error(`no migration from plan format ${result.format}`);
    result = { ...step(result), format: result.format + 1 };
  }
  return result;
}
