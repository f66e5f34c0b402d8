// The smallest plan that has the form of one, for examples of diagnostics. Its hash is checked in tests/graph/plan.test.ts.

const graph = `{"inputs":{},"nodes":[],"outputs":{},"values":[]}`;

/** Canonical text of a plan named `small` that does nothing, with this hash. */
export function smallestPlan(hash: string): string {
  return (
    `{"adapt":null,"batch":{"examples":1,"micro":1,"pack":false},"checkpoints":{"every":null,"keep":1},` +
    `"costs":{"flops":{"forward_per_token":0,"total":0,"train_per_token":0},"memory":{"activations":0,"optimizer":0,"peak":0,"weights":0},"parameters":{"total":0,"trainable":0}},` +
    `"data":null,"evaluation":null,"format":4,"from":null,"graphs":{"decode":${graph},"evaluate":${graph},"prefill":${graph},"statistics":null,"train":${graph},"update":${graph}},` +
    `"guard":"stop","hash":"${hash}","horizon":{"epochs":null,"steps":0,"tokens":null},"kind":"pretrain","lengths":{"inputs":1,"raw":1,"targets":1},"name":"small",` +
    `"objective":{"entries":[],"lessons":[],"losses":[],"prefix":false,"streams":{"images":null,"inputs":{"length":1,"placeholders":[],"prefix":"","segments":false},"targets":null},"text":"causal_lm"},"optimizer":{"arguments":{"lr":0.001},"word":"sgd"},"parameters":[],"precision":"f32","samples":null,` +
    `"schedule":{"arguments":{},"word":"constant"},"seeds":{"data":0,"run":0},"spec":"","teachers":[],"tokenizer":null}`
  );
}

export const smallestPlanHash = "2024a8a7acd7231c03df6dc9ceb4eff74fb219a49628182ff1324d7da3f99143";
