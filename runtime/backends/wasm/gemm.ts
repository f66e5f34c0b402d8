// Matrix product in WebAssembly SIMD. Blocks of both operands are packed into panels (4 rows of A, 8 columns of B, zero
// padded) so that any transposition runs at the same speed; the innermost loop keeps a 4×8 tile of C in registers.
// Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication".

import type { Assembler, Body, Code, Local } from "./assembler.ts";
import { f, i, v } from "./assembler.ts";

export const rowsOfTile = 4;
export const columnsOfTile = 8;

export interface GemmFunctions {
  /** Element (p, k) lies at source + p · panelStride + k · depthStride bytes; one of the strides is 4. Panels of 4 (8) indices p, each depth × 4 (8) floats. */
  pack4(target: number, source: number, count: number, depth: number, panelStride: number, depthStride: number): void;
  pack8(target: number, source: number, count: number, depth: number, panelStride: number, depthStride: number): void;
  /** C [rows, columns] with rows `stride` bytes apart = (accumulate ? C : bias or 0) + packed A · packed B, whose panels are `pitch` bytes apart. `tile` is scratch of 128 bytes. */
  multiply(a: number, b: number, pitch: number, c: number, stride: number, rows: number, columns: number, depth: number, accumulate: number, bias: number, tile: number): void;
}

/** `fused`: with the multiply-add of relaxed SIMD, 51 instead of 37 GFLOP/s. */
export function defineGemm(assembler: Assembler, fused: boolean): void {
  definePack(assembler, 4);
  definePack(assembler, 8);
  defineMultiply(assembler, fused ? v.fused : (a, b, c) => v.add(c, v.mul(a, b)));
}

function definePack(assembler: Assembler, width: 4 | 8): void {
  const six = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  assembler.define(`pack${width}`, six, (b, [target, source, count, depth, panelStride, depthStride]) => {
    const from = b.local("i32");
    const k = b.local("i32");
    const lane = b.local("i32");
    b.loop(i.greater(count.at, i.of(0)), () => {
      b.set(from, source.at);
      b.set(k, depth.at);
      b.when(i.less(count.at, i.of(width)), () => {
        // The last panel: element by element, zeros beyond `count`.
        b.loop(i.greater(k.at, i.of(0)), () => {
          for (let part = 0; part < width; part += 4) b.storeVector(target.at, v.of(0), 4 * part);
          b.set(lane, i.of(0));
          b.loop(i.less(lane.at, count.at), () => {
            b.storeFloat(i.add(target.at, i.shl(lane.at, i.of(2))), f.load(i.add(from.at, i.mul(lane.at, panelStride.at))));
            b.set(lane, i.add(lane.at, i.of(1)));
          });
          b.set(target, i.add(target.at, i.of(4 * width)));
          b.set(from, i.add(from.at, depthStride.at));
          b.set(k, i.sub(k.at, i.of(1)));
        });
      }, () => {
        b.when(i.equal(panelStride.at, i.of(4)), () => {
          b.loop(i.greater(k.at, i.of(0)), () => {
            for (let part = 0; part < width; part += 4) b.storeVector(target.at, v.load(from.at, 4 * part), 4 * part);
            b.set(target, i.add(target.at, i.of(4 * width)));
            b.set(from, i.add(from.at, depthStride.at));
            b.set(k, i.sub(k.at, i.of(1)));
          });
        }, () => packTransposed(b, { width, target, from, k, panelStride }));
        b.set(source, i.add(source.at, i.mul(panelStride.at, i.of(width))));
      });
      b.set(count, i.sub(count.at, i.of(width)));
    });
  });
}

/** Four depths at a time: `width` rows of four floats become four rows of `width`. */
function packTransposed(b: Body, { width, target, from, k, panelStride }: { width: number; target: Local; from: Local; k: Local; panelStride: Local }): void {
  const rows = Array.from({ length: width }, () => b.local("i32"));
  const loaded = [0, 1, 2, 3].map(() => b.local("v128"));
  rows.forEach((row, r) => b.set(row, r === 0 ? from.at : i.add(rows[r - 1].at, panelStride.at)));
  b.loop(i.greater(k.at, i.of(3)), () => {
    for (let part = 0; part < width; part += 4) {
      loaded.forEach((local, r) => b.set(local, v.load(rows[part + r].at)));
      const [w, x, y, z] = loaded.map((local) => local.at);
      const pairs: [Code, Code] = [v.shuffle(w, x, [0, 4, 1, 5]), v.shuffle(y, z, [0, 4, 1, 5])];
      const later: [Code, Code] = [v.shuffle(w, x, [2, 6, 3, 7]), v.shuffle(y, z, [2, 6, 3, 7])];
      b.storeVector(target.at, v.shuffle(...pairs, [0, 1, 4, 5]), 4 * part);
      b.storeVector(target.at, v.shuffle(...pairs, [2, 3, 6, 7]), 4 * (width + part));
      b.storeVector(target.at, v.shuffle(...later, [0, 1, 4, 5]), 4 * (2 * width + part));
      b.storeVector(target.at, v.shuffle(...later, [2, 3, 6, 7]), 4 * (3 * width + part));
    }
    for (const row of rows) b.set(row, i.add(row.at, i.of(16)));
    b.set(target, i.add(target.at, i.of(16 * width)));
    b.set(k, i.sub(k.at, i.of(4)));
  });
  b.loop(i.greater(k.at, i.of(0)), () => {
    rows.forEach((row, r) => {
      b.storeFloat(target.at, f.load(row.at), 4 * r);
      b.set(row, i.add(row.at, i.of(4)));
    });
    b.set(target, i.add(target.at, i.of(4 * width)));
    b.set(k, i.sub(k.at, i.of(1)));
  });
}

function defineMultiply(assembler: Assembler, multiplyAdd: (a: Code, b: Code, c: Code) => Code): void {
  const eleven = Array.from({ length: 11 }, () => "i32" as const);
  assembler.define("multiply", eleven, (b, [a, panels, pitch, c, stride, rows, columns, depth, accumulate, bias, tile]) => {
    const [column, row, pa, pb, k, out, outStride, r, j] = Array.from({ length: 9 }, () => b.local("i32"));
    const sums = Array.from({ length: rowsOfTile }, () => [b.local("v128"), b.local("v128")]);
    const [b0, b1, x, four] = [b.local("v128"), b.local("v128"), b.local("v128"), b.local("v128")];
    // One depth at a time: V8 moves the loads of an unrolled loop to its front, and then has not enough registers.
    // For the same reason four rows of A come with one load and are spread by shuffles.
    const step = (): void => {
      b.set(b0, v.load(pb.at));
      b.set(b1, v.load(pb.at, 16));
      b.set(four, v.load(pa.at));
      sums.forEach(([low, high], index) => {
        b.set(x, v.shuffle(four.at, four.at, [index, index, index, index]));
        b.set(low, multiplyAdd(x.at, b0.at, low.at));
        b.set(high, multiplyAdd(x.at, b1.at, high.at));
      });
    };
    b.set(column, i.of(0));
    b.loop(i.less(column.at, columns.at), () => {
      b.set(row, i.of(0));
      b.set(pa, a.at);
      b.loop(i.less(row.at, rows.at), () => {
        b.set(pb, panels.at);
        b.set(out, i.add(i.add(c.at, i.mul(row.at, stride.at)), i.shl(column.at, i.of(2))));
        b.set(outStride, stride.at);
        // A tile over the edge of C is made in scratch, then its inner part is copied.
        const whole = i.and(i.greater(i.sub(rows.at, row.at), i.of(rowsOfTile - 1)), i.greater(i.sub(columns.at, column.at), i.of(columnsOfTile - 1)));
        b.when(i.isZero(whole), () => {
          eachInnerCell(b, { rows, columns, row, column, r, j }, (address) => {
            const source = address(out.at, stride.at);
            b.when(accumulate.at, () => b.storeFloat(address(tile.at, i.of(32)), f.load(source)), () => {
              b.when(bias.at, () => b.storeFloat(address(tile.at, i.of(32)), f.load(i.add(bias.at, i.shl(i.add(column.at, j.at), i.of(2))))), () => b.storeFloat(address(tile.at, i.of(32)), f.of(0)));
            });
          });
          b.set(out, tile.at);
          b.set(outStride, i.of(32));
        });
        const from = b.local("i32");
        const start = (load: (high: 0 | 16) => Code, advance?: Code): void =>
          sums.forEach(([low, high], index) => {
            b.set(low, load(0));
            b.set(high, load(16));
            if (advance && index < rowsOfTile - 1) b.set(from, i.add(from.at, advance));
          });
        b.set(from, out.at);
        const loadTile = (): void => start((offset) => v.load(from.at, offset), outStride.at);
        b.when(i.isZero(whole), loadTile, () =>
          b.when(accumulate.at, loadTile, () =>
            b.when(bias.at, () => {
              b.set(from, i.add(bias.at, i.shl(column.at, i.of(2))));
              start((offset) => v.load(from.at, offset));
            }, () => start(() => v.of(0)))));
        b.set(k, i.add(pa.at, i.shl(depth.at, i.of(4))));
        b.loop(i.less(pa.at, k.at), () => {
          step();
          b.set(pa, i.add(pa.at, i.of(16)));
          b.set(pb, i.add(pb.at, i.of(32)));
        });
        b.set(from, out.at);
        sums.forEach(([low, high], index) => {
          b.storeVector(from.at, low.at);
          b.storeVector(from.at, high.at, 16);
          if (index < rowsOfTile - 1) b.set(from, i.add(from.at, outStride.at));
        });
        b.when(i.isZero(whole), () => {
          b.set(out, i.add(i.add(c.at, i.mul(row.at, stride.at)), i.shl(column.at, i.of(2))));
          eachInnerCell(b, { rows, columns, row, column, r, j }, (address) => b.storeFloat(address(out.at, stride.at), f.load(address(tile.at, i.of(32)))));
        });
        b.set(row, i.add(row.at, i.of(rowsOfTile)));
      });
      b.set(panels, i.add(panels.at, pitch.at));
      b.set(column, i.add(column.at, i.of(columnsOfTile)));
    });
  });
}

interface Edge { readonly rows: Local; readonly columns: Local; readonly row: Local; readonly column: Local; readonly r: Local; readonly j: Local }

/** The cells of the tile at (row, column) that lie inside C; `address(base, stride)` is the cell's place. */
function eachInnerCell(b: Body, { rows, columns, row, column, r, j }: Edge, body: (address: (base: Code, stride: Code) => Code) => void): void {
  b.set(r, i.of(0));
  b.loop(i.less(r.at, i.min(i.sub(rows.at, row.at), i.of(rowsOfTile))), () => {
    b.set(j, i.of(0));
    b.loop(i.less(j.at, i.min(i.sub(columns.at, column.at), i.of(columnsOfTile))), () => {
      body((base, stride) => i.add(i.add(base, i.mul(r.at, stride)), i.shl(j.at, i.of(2))));
      b.set(j, i.add(j.at, i.of(1)));
    });
    b.set(r, i.add(r.at, i.of(1)));
  });
}
