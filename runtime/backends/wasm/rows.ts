// Kernels that go row by row: softmax cross-entropy, layernorm, the softmax of attention and its gradient.
// A row's last vector may reach beyond its end: such lanes are masked where they count, and what is written there is written
// again by the next row or lies in the spare bytes of the array.

import type { Assembler, Body, Code, Local } from "./assembler.ts";
import { f, i, v } from "./assembler.ts";
import { setExp } from "./elementwise.ts";

export interface RowFunctions {
  /** stats[0] = the largest of x[0 … count), stats[1] = Σ e^(x − largest). */
  log_sum(x: number, count: number, stats: number): void;
  /** out = factor · e^(x − shift). */
  exp_row(x: number, out: number, count: number, shift: number, factor: number): void;
  /** y = (x − mean) · deviation · weight (+ bias) for rows whose width is a multiple of four; bias 0 for none. */
  layernorm(x: number, weight: number, bias: number, y: number, means: number, deviations: number, rows: number, width: number, eps: number): void;
  /** dx, and dweight and dbias added to; width a multiple of four. */
  layernorm_gradient(x: number, weight: number, means: number, deviations: number, dy: number, dx: number, dweight: number, dbias: number, rows: number, width: number): void;
  /** In place: scores of keys `from` … `to` become e^(scale · s + bias + mask − largest) / sum, the others of `count` 0; bias and mask 0 for none; stats as log_sum's. */
  softmax_row(scores: number, from: number, to: number, count: number, bias: number, mask: number, stats: number, scale: number): void;
  /** In place: p = e^(scale · p + bias + mask − shift), ds = p (keep · ds − delta) · scale, p = p · keep; dbias += ds / scale. keep, bias, mask, dbias 0 for none. */
  softmax_gradient_row(p: number, ds: number, from: number, to: number, count: number, bias: number, mask: number, keep: number, dbias: number, shift: number, delta: number, scale: number): void;
  /** stats[0] = Σ x y. */
  dot(x: number, y: number, count: number, stats: number): void;
}

const integers = (count: number): "i32"[] => Array.from({ length: count }, () => "i32");
const floats = (count: number): "f32"[] => Array.from({ length: count }, () => "f32");

/** Runs `body` with the byte offset of each vector of a row of `count` elements. */
function eachVector(b: Body, count: Local, body: (offset: Local, index: Local) => void): void {
  const [offset, index] = [b.let("i32", i.of(0)), b.let("i32", i.of(0))];
  b.loop(i.less(index.at, count.at), () => {
    body(offset, index);
    b.set(index, i.add(index.at, i.of(4)));
    b.set(offset, i.add(offset.at, i.of(16)));
  });
}

/** All ones in lanes whose element lies in from … to. */
const within = (index: Code, from: Code, to: Code): Code => {
  const lanes = v.integerAdd(v.splatInteger(index), v.firstIntegers);
  return v.and(v.integerGreater(lanes, v.splatInteger(i.sub(from, i.of(1)))), v.integerLess(lanes, v.splatInteger(i.add(to, i.of(1)))));
};

const at = (base: Local, offset: Local): Code => i.add(base.at, offset.at);
const lanes = [0, 1, 2, 3];
const sumOf = (x: Local): Code => lanes.slice(1).reduce<Code>((sum, lane) => f.add(sum, v.lane(x.at, lane)), v.lane(x.at, 0));
const largestOf = (x: Local): Code => lanes.slice(1).reduce<Code>((sum, lane) => f.max(sum, v.lane(x.at, lane)), v.lane(x.at, 0));

export function defineRows(assembler: Assembler): void {
  assembler.define("log_sum", integers(3), (b, [x, count, stats]) => {
    const [largest, sum, value] = [b.let("v128", v.of(-Infinity)), b.let("v128", v.of(0)), b.local("v128")];
    const row = (offset: Local, index: Local): Code => v.select(v.load(at(x, offset)), v.of(-Infinity), v.integerLess(v.integerAdd(v.splatInteger(index.at), v.firstIntegers), v.splatInteger(count.at)));
    eachVector(b, count, (offset, index) => b.set(largest, v.max(largest.at, row(offset, index))));
    const top = b.let("f32", largestOf(largest));
    b.set(largest, v.splat(top.at));
    eachVector(b, count, (offset, index) => {
      b.set(value, v.sub(row(offset, index), largest.at));
      setExp(b, value, value);
      b.set(sum, v.add(sum.at, value.at));
    });
    b.storeFloat(stats.at, top.at);
    b.storeFloat(stats.at, sumOf(sum), 4);
  });
  assembler.define("exp_row", [...integers(3), ...floats(2)], (b, [x, out, count, shift, factor]) => {
    const value = b.local("v128");
    eachVector(b, count, (offset) => {
      b.set(value, v.sub(v.load(at(x, offset)), v.splat(shift.at)));
      setExp(b, value, value);
      b.storeVector(at(out, offset), v.mul(value.at, v.splat(factor.at)));
    });
  });
  assembler.define("dot", integers(4), (b, [x, y, count, stats]) => {
    const sum = b.let("f32", f.of(0));
    const [offset, left] = [b.let("i32", i.of(0)), b.let("i32", count.at)];
    b.loop(i.greater(left.at, i.of(0)), () => {
      b.set(sum, f.add(sum.at, f.mul(f.load(at(x, offset)), f.load(at(y, offset)))));
      b.set(offset, i.add(offset.at, i.of(4)));
      b.set(left, i.sub(left.at, i.of(1)));
    });
    b.storeFloat(stats.at, sum.at);
  });
  defineLayernorm(assembler);
  defineAttentionRows(assembler);
}

function defineLayernorm(assembler: Assembler): void {
  assembler.define("layernorm", [...integers(8), "f32"], (b, [x, weight, bias, y, means, deviations, rows, width, eps]) => {
    const [sum, mean, scale] = [b.local("v128"), b.local("v128"), b.local("v128")];
    const n = b.let("f32", f.fromInteger(width.at));
    const centered = (offset: Local): Code => v.sub(v.load(at(x, offset)), mean.at);
    b.loop(i.greater(rows.at, i.of(0)), () => {
      b.set(sum, v.of(0));
      eachVector(b, width, (offset) => b.set(sum, v.add(sum.at, v.load(at(x, offset)))));
      b.set(mean, v.splat(f.div(sumOf(sum), n.at)));
      b.set(sum, v.of(0));
      eachVector(b, width, (offset) => b.set(sum, v.add(sum.at, v.mul(centered(offset), centered(offset)))));
      b.set(scale, v.splat(f.div(f.of(1), f.sqrt(f.add(f.div(sumOf(sum), n.at), eps.at)))));
      b.storeFloat(means.at, v.lane(mean.at, 0));
      b.storeFloat(deviations.at, v.lane(scale.at, 0));
      const scaled = (offset: Local): Code => v.mul(v.mul(centered(offset), scale.at), v.load(at(weight, offset)));
      b.when(bias.at, () => eachVector(b, width, (offset) => b.storeVector(at(y, offset), v.add(scaled(offset), v.load(at(bias, offset))))),
        () => eachVector(b, width, (offset) => b.storeVector(at(y, offset), scaled(offset))));
      for (const row of [x, y]) b.set(row, i.add(row.at, i.shl(width.at, i.of(2))));
      for (const one of [means, deviations]) b.set(one, i.add(one.at, i.of(4)));
      b.set(rows, i.sub(rows.at, i.of(1)));
    });
  });
  assembler.define("layernorm_gradient", integers(10), (b, [x, weight, means, deviations, dy, dx, dweight, dbias, rows, width]) => {
    const [sum, product, mean, scale, normal, g] = Array.from({ length: 6 }, () => b.local("v128"));
    const n = b.let("f32", f.fromInteger(width.at));
    const setNormal = (offset: Local): void => b.set(normal, v.mul(v.sub(v.load(at(x, offset)), mean.at), scale.at));
    b.loop(i.greater(rows.at, i.of(0)), () => {
      b.set(sum, v.of(0));
      b.set(product, v.of(0));
      b.set(mean, v.loadSplat(means.at));
      b.set(scale, v.loadSplat(deviations.at));
      eachVector(b, width, (offset) => {
        setNormal(offset);
        b.set(g, v.load(at(dy, offset)));
        b.storeVector(at(dweight, offset), v.add(v.load(at(dweight, offset)), v.mul(g.at, normal.at)));
        b.storeVector(at(dbias, offset), v.add(v.load(at(dbias, offset)), g.at));
        b.set(g, v.mul(g.at, v.load(at(weight, offset))));
        b.set(sum, v.add(sum.at, g.at));
        b.set(product, v.add(product.at, v.mul(g.at, normal.at)));
      });
      b.set(sum, v.splat(f.div(sumOf(sum), n.at)));
      b.set(product, v.splat(f.div(sumOf(product), n.at)));
      eachVector(b, width, (offset) => {
        setNormal(offset);
        const inner = v.sub(v.sub(v.mul(v.load(at(dy, offset)), v.load(at(weight, offset))), sum.at), v.mul(normal.at, product.at));
        b.storeVector(at(dx, offset), v.mul(scale.at, inner));
      });
      for (const row of [x, dy, dx]) b.set(row, i.add(row.at, i.shl(width.at, i.of(2))));
      for (const one of [means, deviations]) b.set(one, i.add(one.at, i.of(4)));
      b.set(rows, i.sub(rows.at, i.of(1)));
    });
  });
}

function defineAttentionRows(assembler: Assembler): void {
  /** Sets `value` to scale · score + bias + mask. */
  const setScore = (b: Body, value: Local, scores: Local, offset: Local, { scale, bias, mask }: { scale: Local; bias: Local; mask: Local }): void => {
    b.set(value, v.mul(v.load(at(scores, offset)), v.splat(scale.at)));
    for (const extra of [bias, mask]) b.when(extra.at, () => b.set(value, v.add(value.at, v.load(at(extra, offset)))));
  };
  assembler.define("softmax_row", [...integers(7), "f32"], (b, [scores, from, to, count, bias, mask, stats, scale]) => {
    const [largest, sum, value] = [b.let("v128", v.of(-Infinity)), b.let("v128", v.of(0)), b.local("v128")];
    eachVector(b, count, (offset, index) => {
      setScore(b, value, scores, offset, { scale, bias, mask });
      b.set(value, v.select(value.at, v.of(-Infinity), within(index.at, from.at, to.at)));
      b.storeVector(at(scores, offset), value.at);
      b.set(largest, v.max(largest.at, value.at));
    });
    const top = b.let("f32", largestOf(largest));
    b.set(largest, v.splat(top.at));
    eachVector(b, count, (offset) => {
      b.set(value, v.sub(v.load(at(scores, offset)), largest.at));
      setExp(b, value, value);
      b.storeVector(at(scores, offset), value.at);
      b.set(sum, v.add(sum.at, value.at));
    });
    const total = b.let("f32", sumOf(sum));
    b.storeFloat(stats.at, top.at);
    b.storeFloat(stats.at, total.at, 4);
    b.set(sum, v.splat(f.div(f.of(1), total.at)));
    eachVector(b, count, (offset) => b.storeVector(at(scores, offset), v.mul(v.load(at(scores, offset)), sum.at)));
  });
  assembler.define("softmax_gradient_row", [...integers(9), ...floats(3)], (b, [p, ds, from, to, count, bias, mask, keep, dbias, shift, delta, scale]) => {
    const [value, change, inside] = [b.local("v128"), b.local("v128"), b.local("v128")];
    eachVector(b, count, (offset, index) => {
      setScore(b, value, p, offset, { scale, bias, mask });
      b.set(value, v.sub(value.at, v.splat(shift.at)));
      setExp(b, value, value);
      b.set(inside, within(index.at, from.at, to.at));
      b.set(value, v.and(value.at, inside.at));
      b.set(change, v.load(at(ds, offset)));
      b.when(keep.at, () => b.set(change, v.mul(change.at, v.load(at(keep, offset)))));
      b.set(change, v.and(v.mul(value.at, v.sub(change.at, v.splat(delta.at))), inside.at));
      b.when(dbias.at, () => b.storeVector(at(dbias, offset), v.add(v.load(at(dbias, offset)), change.at)));
      b.when(keep.at, () => b.set(value, v.and(v.mul(value.at, v.load(at(keep, offset))), inside.at)));
      b.storeVector(at(p, offset), value.at);
      b.storeVector(at(ds, offset), v.mul(change.at, v.splat(scale.at)));
    });
  });
}
