// Sine and cosine for WebGPU. WGSL's own may be 2⁻¹¹ off between -π and π, and anything beyond (its section 15.7.4): too little for rotary
// positions, whose angles are as large as the position. These are Cephes' (sinf.c, cosf.c): the angle less multiples of π/4 in three parts,
// then a polynomial, to about 1e-7 up to angles of some ten thousands.

import type { Tf } from "../../compiler/ops/define.ts";

/** What tfjs-backend-webgpu 4.22 takes as a program. */
interface Program {
  readonly variableNames: readonly string[];
  readonly size: true;
  readonly workgroupSize: readonly [number, number, number];
  readonly outputShape: readonly number[];
  readonly dispatchLayout: { readonly x: readonly number[] };
  readonly dispatch: readonly [number, number, number];
  readonly shaderKey: string;
  getUserCode(): string;
}

export interface ProgramStore {
  runWebGPUProgram(program: Program, inputs: readonly object[], dtype: string): object;
}

const group = 64;

/** `quarters` shifts the octant: 0 for the sine, 2 for the cosine. */
const code = (quarters: 0 | 2): string => `
fn turned(x : f32) -> f32 {
  let size = abs(x);
  var octant = u32(size * 1.27323954473516);
  octant += octant & 1u;
  let y = f32(octant);
  let z = ((size - y * 0.78515625) - y * 2.4187564849853515625e-4) - y * 3.77489497744594108e-8;
  let zz = z * z;
  let sine = ((-1.9515295891e-4 * zz + 8.3321608736e-3) * zz - 1.6666654611e-1) * zz * z + z;
  let cosine = ((2.443315711809948e-5 * zz - 1.388731625493765e-3) * zz + 4.166664568298827e-2) * zz * zz - 0.5 * zz + 1.0;
  let place = (octant + ${quarters}u) & 7u;
  let value = select(sine, cosine, (place & 2u) != 0u);
  let sign = select(1.0, -1.0, place > 3u)${quarters === 0 ? " * select(1.0, -1.0, x < 0.0)" : ""};
  return sign * value;
}
fn main(index : i32) {
  if (index < uniforms.size) {
    setOutputAtIndex(index, turned(getAByOutputIndex(index)));
  }
}
`;

/** Puts them in the place of the backend's own. */
export function registerAngles(tf: Tf, store: ProgramStore): void {
  for (const [kernelName, quarters] of [["Sin", 0], ["Cos", 2]] as const) {
    tf.unregisterKernel(kernelName, "webgpu");
    tf.registerKernel({
      kernelName,
      backendName: "webgpu",
      kernelFunc: ({ inputs }) => {
        const x = inputs["x"] as { readonly shape: number[] };
        const size = x.shape.reduce((product, length) => product * length, 1);
        return store.runWebGPUProgram({ variableNames: ["A"], size: true, workgroupSize: [group, 1, 1], outputShape: x.shape, dispatchLayout: { x: x.shape.map((_, i) => i) }, dispatch: [Math.ceil(size / group), 1, 1], shaderKey: `ptarmigan_${kernelName}`, getUserCode: () => code(quarters) }, [x], "float32") as never;
      },
    });
  }
}
