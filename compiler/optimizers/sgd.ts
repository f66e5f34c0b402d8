// sgd: stochastic gradient descent as PyTorch's: weight decay is added to the gradient (L2), momentum starts at the first gradient.
// g ← g + λp;  m ← μm + (1−d) g (first step: m ← g);  p ← p − rate · (nesterov ? g + μm : m)

import { commonFields, defineOptimizer, noState, numberOf } from "./define.ts";

export const sgd = defineOptimizer({
  word: "sgd",
  doc: "Stochastic gradient descent, with momentum (Sutskever et al. 2013) when asked.",
  parameters: {
    ...commonFields,
    momentum: { type: { type: "number", minimum: 0 }, doc: "share of the last step's direction that is kept", default: "0" },
    dampening: { type: { type: "number", minimum: 0, maximum: 1 }, doc: "share of a gradient that momentum leaves out, after the first step", default: "0" },
    nesterov: { type: { type: "switch" }, doc: "look ahead along the momentum", default: "off" },
    weight_decay: { type: { type: "number", minimum: 0 }, doc: "times the weight, added to its gradient", default: "0" },
  },
  problem(args) {
    const { momentum, dampening, nesterov } = args;
    if (nesterov === true && (momentum === 0 || dampening !== 0)) return "`nesterov` needs `momentum` above 0 and `dampening: 0`";
    return dampening !== 0 && momentum === 0 ? "`dampening` does nothing without `momentum`" : null;
  },
  state: (args, shape) => (numberOf(args, "momentum") > 0 ? { momentum: { shape, value: 0 } } : noState),
  update(b, { parameter, gradient, state, rate, step, decay, args }) {
    const momentum = numberOf(args, "momentum");
    const dampening = numberOf(args, "dampening");
    const weightDecay = numberOf(args, "weight_decay");
    const g = decay && weightDecay > 0 ? b.add(gradient, b.scale(parameter, { factor: weightDecay })) : gradient;
    if (momentum === 0) return { parameter: b.subtract(parameter, b.multiply(g, rate)), state: noState };

    let fresh = g;
    if (dampening > 0) {
      // max(0, 2 − t) is 1 at the first step and 0 after it, exactly.
      const first = b.activate(b.shift(b.scale(step, { factor: -1 }), { by: 2 }), { activation: "relu" });
      fresh = b.multiply(g, b.shift(b.scale(first, { factor: dampening }), { by: 1 - dampening }));
    }
    const direction = b.add(b.scale(state.momentum, { factor: momentum }), fresh);
    const change = args.nesterov === true ? b.add(g, b.scale(direction, { factor: momentum })) : direction;
    return { parameter: b.subtract(parameter, b.multiply(change, rate)), state: { momentum: direction } };
  },
});
