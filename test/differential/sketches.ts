import { Sketch } from "../../emulator/hll/sketch.js";
import { Random } from "../support/random/random.js";

/** HyperLogLog sketches to hand to operations: empty and filled ones, of several precisions. */
export const SKETCHES: readonly Uint8Array[] = [
  made(4, 0, 0),
  made(4, 0, 9),
  made(6, 0, 40),
  made(4, 4, 9),
  made(4, 4, 12),
  made(6, 12, 30),
];

function made(indexBits: number, minhashBits: number, values: number): Uint8Array {
  const random = new Random(values * 1_000 + indexBits * 10 + minhashBits);
  const sketch = new Sketch(indexBits, minhashBits);
  for (let i = 0; i < values; i++) {
    const register = random.below(sketch.size);
    sketch.ranks[register] = random.between(1, 9);
    sketch.minhashes[register] = random.below(2 ** minhashBits);
  }
  return sketch.write();
}
