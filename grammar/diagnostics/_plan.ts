// The smallest plan that has the form of one, for examples of diagnostics. Its hash is checked in tests/graph/plan.test.ts.

const graph = `{"inputs":{},"nodes":[],"outputs":{},"values":[]}`;

/** Canonical text of a plan named `small` that does nothing, with this hash. */
export function smallestPlan(hash: string): string {
  return (
    `{"batch":{"examples":1,"micro":1,"pack":false},"checkpoints":{"every":null,"keep":1},` +
    `"costs":{"flops":{"forward_per_token":0,"total":0,"train_per_token":0},"memory":{"activations":0,"optimizer":0,"peak":0,"weights":0},"parameters":{"total":0,"trainable":0}},` +
    `"data":null,"evaluation":null,"format":4,"from":null,"graphs":{"decode":${graph},"evaluate":${graph},"prefill":${graph},"statistics":null,"train":${graph},"update":${graph}},` +
    `"guard":"stop","hash":"${hash}","horizon":{"epochs":null,"steps":0,"tokens":null},"kind":"pretrain","lengths":{"inputs":1,"raw":1,"targets":1},"name":"small",` +
    `"objective":{"entries":[],"lessons":[],"losses":[],"prefix":false,"streams":{"images":null,"inputs":{"length":1,"prefix":"","segments":false},"targets":null},"text":"causal_lm"},"optimizer":{"arguments":{"lr":0.001},"word":"sgd"},"parameters":[],"precision":"f32","samples":null,` +
    `"schedule":{"arguments":{},"word":"constant"},"seeds":{"data":0,"run":0},"spec":"","teachers":[],"tokenizer":null}`
  );
}

export const smallestPlanHash = "d507d3a1511b264a8bd9a523877e24f34b9c91e20ec32cef21720f9c496ade1f";
