// attention: out = softmax over allowed keys of (scale · q·k + bias), times values (Vaswani et al. 2017; kv heads: Ainslie et al. 2023).
// With a softcap c the scaled scores s become c · tanh(s / c) before the bias is added.
// Computed in strips of four queries over the ranges of keys that they see (mask: _attention_mask.ts), so no T×S matrix of scores exists.
// Query t stands at position offset + t, key s at s; head h reads key/value head ⌊h / (H/G)⌋. A query that sees no key gives zeros, and log_sum 0.
// In bf16 the powers e^(score − largest), times their keep factors, are rounded before they meet the values, and divided by their sum after.
// Dropout multiplies probabilities by keep factors of flat index (h·T + t)·S + s within an example (_keep.ts). log_sum is kept for the gradient; nothing flows back through it.

import { exp } from "../activations/_exp.ts";
import { defineOp } from "./define.ts";
import { attentionSamples } from "./_attention_samples.ts";
import { attentionSizes, expectAttention, readHead, readStrip, stripDots, stripGather, writeStrip, type AttentionOptions } from "./_attention.ts";
import { fromHeads, keepFactors, maskedScores, toHeads } from "./_attention_lower.ts";
import { keyRanges, maskRows, shortestGap } from "./_attention_mask.ts";
import { fillKeep } from "./_keep.ts";
import { bfloat16, bfloat16Tensor, isBfloat16 } from "./_precision.ts";
import { float } from "./_shapes.ts";

export type AttentionAttributes = AttentionOptions;

export const attention = defineOp({
  name: "attention",
  doc: "Softmax attention of query [B, T, H*W] over key [B, S, G*W] and value [B, S, G*V] under a mask: [B, T, H*V], and the log-sum-exp of each row [B, H, T].",
  inputs: ["query", "key", "value", "bias?", "real?", "documents?", "key_documents?", "prefix?", "offset?", "random?"],
  products: ["query", "key", "value"],
  rounds_inside: true,
  outputs: ["out", "log_sum"],
  infer(inputs, attributes: AttentionAttributes) {
    const { B, T, H, V } = expectAttention("attention", inputs, attributes);
    return [float(B, T, H * V), float(B, H, T)];
  },
  gradient(b, { inputs, outputs: [out, log_sum], attributes }, [dout]) {
    const integers = { real: null, documents: null, key_documents: null, prefix: null, offset: null, random: null };
    if (dout === null) return { query: null, key: null, value: null, bias: null, ...integers };
    const { query, key, value, bias = null, real = null, documents = null, key_documents = null, prefix = null, offset = null, random = null } = inputs;
    const [dquery, dkey, dvalue, dbias] = b.attention_gradient(query, key, value, out, log_sum, dout, bias, real, documents, key_documents, prefix, offset, random, attributes);
    return { query: dquery, key: dkey, value: dvalue, bias: bias === null ? null : dbias, ...integers };
  },
  /** The full square whatever the mask, as the literature counts; 4·B·T·S·H·W when V = W. */
  flops({ query, key, value }, _, attributes) {
    const { B, T, S, H, W, V } = attentionSizes(query.shape, key.shape, value.shape, attributes);
    return 2 * B * T * S * H * (W + V);
  },
  evaluate({ query, key, value, bias, random, ...facts }, [out, log_sum], attributes, { inputs }) {
    const { B, T, S, H, G, W, V } = attentionSizes(inputs.query, inputs.key, inputs.value, attributes);
    const { scale, mask, dropout, site, softcap } = attributes;
    const rounds = isBfloat16(attributes);
    const rowsFor = maskRows(mask, T, S, facts);
    const k_SW = new Float64Array((S + 1) * W);
    const v_SV = new Float64Array((S + 1) * V);
    const q_W4 = new Float64Array(W * 4);
    const o_V4 = new Float64Array(V * 4);
    const p_S4 = new Float64Array((S + 1) * 4);
    const keep = new Float64Array(S);
    for (let b = 0; b < B; b++) {
      const rows = rowsFor(b);
      const { first, last, dense, allowed } = rows;
      const strips = Array.from({ length: Math.ceil(T / 4) }, (_, i) => keyRanges(rows, 4 * i, Math.min(T, 4 * i + 4), S, shortestGap));
      for (let h = 0; h < H; h++) {
        const g = Math.floor((h * G) / H);
        if (h % (H / G) === 0) {
          readHead(k_SW, key, (b * S * G + g) * W, G * W, S, W);
          readHead(v_SV, value, (b * S * G + g) * V, G * V, S, V);
        }
        for (let t0 = 0; t0 < T; t0 += 4) {
          const count = Math.min(4, T - t0);
          const ranges = strips[t0 / 4];
          readStrip(q_W4, query, ((b * T + t0) * H + h) * W, H * W, count, W, scale);
          for (let n = 0; n < ranges.length; n += 2) stripDots(p_S4, q_W4, k_SW, W, ranges[n], ranges[n + 1]);
          for (let r = 0; r < 4; r++) {
            const t = t0 + r;
            const from = r < count ? first[t] : S;
            const to = r < count ? last[t] : -1;
            const row = (h * T + t) * S;
            let largest = -Infinity;
            for (let n = 0; n < ranges.length; n += 2) {
              const end = Math.min(ranges[n + 1], to);
              for (let s = Math.max(ranges[n], from), at = s * 4 + r; s <= end; s++, at += 4) {
                if (softcap) p_S4[at] = softcap * Math.tanh(p_S4[at] / softcap);
                if (bias) p_S4[at] += bias[row + s];
                if (dense[t] === 0 && allowed![t * S + s] === 0) p_S4[at] = -Infinity;
                if (p_S4[at] > largest) largest = p_S4[at];
              }
            }
            let sum = 0;
            for (let n = 0; n < ranges.length; n += 2) {
              const end = ranges[n + 1] + 1;
              for (let s = ranges[n], at = s * 4 + r; s <= end; s++, at += 4) {
                if (s < from || s > to || s === end) p_S4[at] = 0;
                else sum += p_S4[at] = exp(p_S4[at] - largest);
              }
            }
            if (r < count) log_sum[(b * H + h) * T + t] = to < from ? 0 : largest + Math.log(sum);
            const norm = 1 / sum;
            for (let n = 0; n < ranges.length; n += 2) {
              const [begin, end] = [Math.max(ranges[n], from), Math.min(ranges[n + 1], to)];
              if (dropout !== 0 && begin <= end) fillKeep(keep, end - begin + 1, row + begin, b, random!, dropout, site);
              for (let s = begin, at = s * 4 + r; s <= end; s++, at += 4) {
                const power = dropout === 0 ? p_S4[at] : p_S4[at] * keep[s - begin];
                p_S4[at] = (rounds ? bfloat16(power) : power) * norm;
              }
            }
          }
          o_V4.fill(0);
          for (let n = 0; n < ranges.length; n += 2) stripGather(o_V4, p_S4, v_SV, V, ranges[n], ranges[n + 1]);
          writeStrip(out, ((b * T + t0) * H + h) * V, H * V, count, V, o_V4, 1);
        }
      }
    }
  },
  lower(tf, inputs, attributes) {
    const sizes = attentionSizes(inputs.query.shape, inputs.key.shape, inputs.value.shape, attributes);
    const { B, T, S, H, G } = sizes;
    const { scores, allowed } = maskedScores(tf, inputs, sizes, attributes);
    const largest = tf.max(scores, -1, true);
    const powers = tf.exp(tf.sub(scores, largest));
    const kept = allowed ? tf.mul(powers, allowed) : powers;
    const sum = tf.sum(kept, -1, true);
    const empty = tf.cast(tf.equal(sum, 0), "float32");
    const whole = tf.add(sum, empty);
    const keep = keepFactors(tf, inputs.random, sizes, attributes);
    const dropped = keep ? tf.mul(kept, keep) : kept;
    const probabilities = tf.div(isBfloat16(attributes) ? bfloat16Tensor(tf, dropped) : dropped, whole);
    const out = tf.matMul(tf.reshape(probabilities, [B * G, (H / G) * T, S]), toHeads(tf, inputs.value, B, S, G, 1));
    const log_sum = tf.mul(tf.add(largest, tf.log(whole)), tf.sub(1, empty));
    return [fromHeads(tf, out, B, T, G, H / G), tf.reshape(log_sum, [B, H, T])];
  },
  samples: attentionSamples,
});
