// The loss of a preference (Rafailov et al. 2023, DPO): an answer that people chose against one that they rejected, each by how
// much likelier the policy makes it than a frozen reference does. B pairs, T positions of an answer, V vocabulary.
//   h = (log π(chosen) − log π(rejected)) − (log ref(chosen) − log ref(rejected)),  z = beta · h
//   sigmoid: −(1 − e) log σ(z) − e log σ(−z), where a share e of the labels is taken to be the wrong way round
//   ipo: (h − 1 / (2 beta))² (Azar et al. 2024)

import type { Builder } from "./graph/builder-types.ts";
import type { ValueId } from "./graph/node.ts";

/** Of each text the sum of the log-probabilities of its targets, [B], from logits [B, T, V], targets int32 [B, T] and weights [B, T], which are 0 where nothing counts. */
export function textLogProbabilities(b: Builder, logits_BTV: ValueId, targets_BT: ValueId, weights_BT: ValueId): ValueId {
  const [batch] = b.info(targets_BT).shape;
  return b.at("loss", () => b.reshape(b.sum_to(b.log_probabilities(logits_BTV, targets_BT, weights_BT)[0], { shape: [batch, 1] }), { shape: [batch] }));
}

/** Log-probabilities of the answers, each [B]. Nothing that `reference` is computed from is trained. */
export interface PreferenceInputs { readonly policy: Answers; readonly reference: Answers; /** Of each pair, [B]. */ readonly weights: ValueId }
export interface Answers { readonly chosen: ValueId; readonly rejected: ValueId }

export interface PreferenceOptions { readonly beta: number; readonly label_smoothing: number; readonly loss: "sigmoid" | "ipo" }

export interface PreferenceLoss {
  /** Over the pairs, each with its weight. */
  readonly sum: ValueId;
  /** Of each pair without its weight, [B]: to be reported, not differentiated. */
  readonly losses: ValueId;
  /** beta · (log π − log ref) of each answer, [B]: a pair is ranked rightly where the chosen one's is larger. */
  readonly rewards: Answers;
}

export function preferenceLoss(b: Builder, { policy, reference, weights }: PreferenceInputs, { beta, label_smoothing, loss }: PreferenceOptions): PreferenceLoss {
  return b.at("loss", () => {
    const [chosen, rejected] = [b.subtract(policy.chosen, reference.chosen), b.subtract(policy.rejected, reference.rejected)];
    const rewards = { chosen: b.scale(chosen, { factor: beta }), rejected: b.scale(rejected, { factor: beta }) };
    const h_B = b.subtract(chosen, rejected);
    const total = (rows: ValueId): ValueId => b.sum_to(b.multiply(rows, weights), { shape: [] });
    if (loss === "ipo") {
      const losses = b.square(b.subtract(h_B, b.constant({ shape: [], value: 1 / (2 * beta) })));
      return { sum: total(losses), losses, rewards };
    }
    const z_B = b.scale(h_B, { factor: beta });
    const right = b.scale(b.log_sigmoid(z_B), { factor: label_smoothing - 1 });
    const losses = label_smoothing === 0 ? right : b.subtract(right, b.scale(b.log_sigmoid(b.scale(z_B, { factor: -1 })), { factor: label_smoothing }));
    return { sum: total(losses), losses, rewards };
  });
}
