// attention_gradient: probabilities p are computed again from log_sum; with keep factors m and δ = dout · out,
// ds = p (m · dout·v − δ), dq = scale Σ_s ds k, dk = scale Σ_t ds q, dv = Σ_t p m dout, dbias = Σ_b ds (Dao et al. 2022, FlashAttention, appendix B).
// With a softcap c, ds of the scaled score is times 1 − tanh², which is 1 − (capped / c)²; dbias is not.
// In bf16 p m and scale · ds are rounded before they enter products. Walks the same strips as attention.ts. A query that saw no key gets and gives no gradient.

import { exp } from "../activations/_exp.ts";
import { defineOp, type Tensor } from "./define.ts";
import { gradientSamples } from "./_attention_samples.ts";
import { attentionSizes, expectAttention, readHead, readStrip, stripDots, stripGather, stripScatter, writeHead, writeStrip, type AttentionOptions } from "./_attention.ts";
import { fromHeads, keepFactors, maskedScores, toHeads } from "./_attention_lower.ts";
import { keyRanges, maskRows, shortestGap } from "./_attention_mask.ts";
import { fillKeep } from "./_keep.ts";
import { bfloat16, bfloat16Tensor, isBfloat16 } from "./_precision.ts";
import { expectShape, float } from "./_shapes.ts";

export type AttentionGradientAttributes = AttentionOptions;

export const attention_gradient = defineOp({
  name: "attention_gradient",
  doc: "Gradients of attention; dbias is [H, T, S], or [0] without a bias.",
  inputs: ["query", "key", "value", "out", "log_sum", "dout", "bias?", "real?", "documents?", "key_documents?", "prefix?", "offset?", "random?"],
  products: ["query", "key", "value", "dout"],
  rounds_inside: true,
  outputs: ["dquery", "dkey", "dvalue", "dbias"],
  infer(inputs, attributes: AttentionGradientAttributes) {
    const { B, T, H, V } = expectAttention("attention_gradient", inputs, attributes);
    expectShape("attention_gradient: out", inputs.out, [B, T, H * V]);
    expectShape("attention_gradient: dout", inputs.dout, [B, T, H * V]);
    expectShape("attention_gradient: log_sum", inputs.log_sum, [B, H, T]);
    return [float(...inputs.query.shape), float(...inputs.key.shape), float(...inputs.value.shape), float(...(inputs.bias ? inputs.bias.shape : [0]))];
  },
  gradient: "not differentiable",
  /** Five products, the scores among them again: 2.5 times the forward pass when V = W. */
  flops({ query, key, value }, _, attributes) {
    const { B, T, S, H, W, V } = attentionSizes(query.shape, key.shape, value.shape, attributes);
    return 2 * B * T * S * H * (3 * W + 2 * V);
  },
  evaluate({ query, key, value, out, log_sum, dout, bias, random, ...facts }, [dquery, dkey, dvalue, dbias], attributes, { inputs }) {
    const { B, T, S, H, G, W, V } = attentionSizes(inputs.query, inputs.key, inputs.value, attributes);
    const { scale, mask, dropout, site, softcap } = attributes;
    const rounds = isBfloat16(attributes);
    const rowsFor = maskRows(mask, T, S, facts);
    const k_SW = new Float64Array((S + 1) * W);
    const v_SV = new Float64Array((S + 1) * V);
    const dk_SW = new Float64Array((S + 1) * W);
    const dv_SV = new Float64Array((S + 1) * V);
    const q_W4 = new Float64Array(W * 4);
    const dq_W4 = new Float64Array(W * 4);
    const do_V4 = new Float64Array(V * 4);
    const p_S4 = new Float64Array((S + 1) * 4);
    const ds_S4 = new Float64Array((S + 1) * 4);
    const keep = new Float64Array(S).fill(1);
    dbias.fill(0);
    for (let b = 0; b < B; b++) {
      const rows = rowsFor(b);
      const { first, last, dense, allowed } = rows;
      const strips = Array.from({ length: Math.ceil(T / 4) }, (_, i) => keyRanges(rows, 4 * i, Math.min(T, 4 * i + 4), S, shortestGap));
      for (let h = 0; h < H; h++) {
        const g = Math.floor((h * G) / H);
        if (h % (H / G) === 0) {
          readHead(k_SW, key, (b * S * G + g) * W, G * W, S, W);
          readHead(v_SV, value, (b * S * G + g) * V, G * V, S, V);
          dk_SW.fill(0);
          dv_SV.fill(0);
        }
        for (let t0 = 0; t0 < T; t0 += 4) {
          const count = Math.min(4, T - t0);
          const ranges = strips[t0 / 4];
          const from_q = ((b * T + t0) * H + h) * W;
          const from_o = ((b * T + t0) * H + h) * V;
          readStrip(q_W4, query, from_q, H * W, count, W, scale);
          readStrip(do_V4, dout, from_o, H * V, count, V, 1);
          dq_W4.fill(0);
          for (let n = 0; n < ranges.length; n += 2) {
            const [lo, hi] = [ranges[n], ranges[n + 1]];
            stripDots(p_S4, q_W4, k_SW, W, lo, hi);
            stripDots(ds_S4, do_V4, v_SV, V, lo, hi);
            for (let r = 0; r < 4; r++) {
              const t = t0 + r;
              const from = r < count ? Math.max(lo, first[t]) : S;
              const to = r < count ? Math.min(hi, last[t]) : -1;
              const row = (h * T + t) * S;
              const shift = r < count ? log_sum[(b * H + h) * T + t] : 0;
              let delta = 0;
              if (r < count) for (let j = 0; j < V; j++) delta += do_V4[j * 4 + r] * out[from_o + r * H * V + j];
              if (dropout !== 0 && to >= from) fillKeep(keep, to - from + 1, row + from, b, random!, dropout, site);
              for (let s = lo, at = lo * 4 + r; s <= hi + 1; s++, at += 4) {
                if (s < from || s > to || (dense[t] === 0 && allowed![t * S + s] === 0)) {
                  p_S4[at] = 0;
                  ds_S4[at] = 0;
                  continue;
                }
                const capped = softcap ? Math.tanh(p_S4[at] / softcap) : 0;
                const score = softcap ? softcap * capped : p_S4[at];
                const p = exp((bias ? score + bias[row + s] : score) - shift);
                const m = keep[s - from];
                p_S4[at] = rounds ? bfloat16(p * m) : p * m;
                ds_S4[at] = p * (m * ds_S4[at] - delta);
                if (bias) dbias[row + s] += ds_S4[at];
                if (softcap) ds_S4[at] *= 1 - capped * capped;
                if (rounds) ds_S4[at] = bfloat16(ds_S4[at] * scale) / scale;
              }
            }
            stripScatter(dv_SV, p_S4, do_V4, V, lo, hi);
            stripGather(dq_W4, ds_S4, k_SW, W, lo, hi);
            stripScatter(dk_SW, ds_S4, q_W4, W, lo, hi);
          }
          writeStrip(dquery, from_q, H * W, count, W, dq_W4, scale);
        }
        if ((h + 1) % (H / G) === 0) {
          writeHead(dkey, (b * S * G + g) * W, G * W, S, W, dk_SW);
          writeHead(dvalue, (b * S * G + g) * V, G * V, S, V, dv_SV);
        }
      }
    }
  },
  lower(tf, inputs, attributes) {
    const { query, key, value, out, log_sum, dout, bias } = inputs;
    const sizes = attentionSizes(query.shape, key.shape, value.shape, attributes);
    const { B, T, S, H, G } = sizes;
    const R = H / G;
    const { scores, slope } = maskedScores(tf, inputs, sizes, attributes);
    const p = tf.exp(tf.sub(scores, tf.reshape(log_sum, [B, H, T, 1])));
    const do_V = toHeads(tf, dout, B, T, G, R);
    const delta = tf.reshape(tf.sum(tf.mul(do_V, toHeads(tf, out, B, T, G, R)), -1), [B, H, T, 1]);
    const products = tf.reshape(tf.matMul(do_V, toHeads(tf, value, B, S, G, 1), false, true), [B, H, T, S]);
    const keep = keepFactors(tf, inputs.random, sizes, attributes);
    const ds = tf.mul(p, tf.sub(keep ? tf.mul(products, keep) : products, delta));
    const round = (x: Tensor): Tensor => (isBfloat16(attributes) ? bfloat16Tensor(tf, x) : x);
    const ds_S = round(tf.mul(tf.reshape(slope ? tf.mul(ds, slope) : ds, [B * G, R * T, S]), attributes.scale));
    const dq = tf.matMul(ds_S, toHeads(tf, key, B, S, G, 1));
    const dk = tf.matMul(ds_S, toHeads(tf, query, B, T, G, R), true, false);
    const dv = tf.matMul(round(tf.reshape(keep ? tf.mul(p, keep) : p, [B * G, R * T, S])), do_V, true, false);
    return [fromHeads(tf, dq, B, T, G, R), fromHeads(tf, dk, B, S, G, 1), fromHeads(tf, dv, B, S, G, 1), bias ? tf.sum(ds, 0) : tf.zeros([0])];
  },
  samples: gradientSamples,
});
