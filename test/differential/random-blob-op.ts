import { mayOverrun } from "../../protocol/cdt/bit.js";
import { OpCode, type PayloadOp } from "../../protocol/message/op.js";
import { blob, bool, int, list, op, sketch } from "../support/random/packing.js";
import type { Random } from "../support/random/random.js";
import type { RandomExpression } from "../support/random/random-expression.js";
import { randomBlob, randomElement, randomInteger } from "../support/random/random-value.js";

// Operations on the bits of blobs, and on HyperLogLog sketches.

const PARTIAL = 8;

export function randomBitOp(random: Random): PayloadOp {
  const bin = random.pick(["b", "b", "b", "b", "x", "gone", "s"]);
  const offset = () => int(random.between(-20, 48));
  const size = () => int(random.oneIn(15) ? random.between(-2, 200) : random.between(1, 24));
  if (random.oneIn(3)) {
    const payload = random.pick([
      () => op(50, offset(), size()),
      () => op(51, offset(), size()),
      () => op(52, offset(), size(), bool(random.oneIn(2))),
      () => op(53, offset(), size(), bool(random.oneIn(2))),
      () => op(54, offset(), size(), ...(random.oneIn(3) ? [] : [int(random.below(3))])),
    ])();
    return { code: OpCode.BITS_READ, bin, payload };
  }
  const bytes = () => blob(random.oneIn(15) ? new Uint8Array(0) : Uint8Array.of(...randomBlob(random), 0x5a));
  const flags = () => (random.oneIn(15) ? random.below(32) : random.pick([0, 0, 0, 2, 4, 6, 8, 12]));
  const creating = () => int(random.oneIn(15) ? random.below(32) : random.pick([0, 0, 0, 1, 2, 4, 5, 6]));
  const byte = () => int(random.between(-4, 9));
  const value = () => int(random.oneIn(3) ? randomInteger(random) : random.between(-300, 300));
  const payload = random.pick([
    () => op(0, int(random.below(9)), creating(), int(random.oneIn(15) ? random.below(16) : random.below(6))),
    () => op(1, byte(), bytes(), creating()),
    () => op(2, byte(), int(random.between(0, 4)), int(flags())),
    () => op(random.pick([3, 4, 5, 6]), offset(), size(), bytes(), int(flags())),
    () => op(7, offset(), size(), int(flags())),
    () => shift(random, flags()),
    () => shift(random, flags()),
    () => op(random.pick([10, 11]), offset(), size(), value(), int(flags()), int(random.below(8))),
    () => op(12, offset(), size(), value(), int(flags())),
  ])();
  return { code: OpCode.BITS_MODIFY, bin, payload };
}

function shift(random: Random, flags: number): Uint8Array {
  for (;;) {
    const [offset, size, by] = [random.between(-20, 48), random.between(1, 24), random.between(0, 30)];
    // A shift that is cut at the end of the blob may take a server down.
    if ((flags & PARTIAL) !== 0 && mayOverrun(offset, size, by)) continue;
    return op(random.pick([8, 9]), int(offset), int(size), int(by), int(flags));
  }
}

export function randomHllOp(from: RandomExpression): PayloadOp {
  const { random } = from;
  const bin = random.pick(["h", "h", "h", "h", "x", "gone", "b"]);
  const sketches = () => {
    const several = Array.from({ length: random.between(random.oneIn(15) ? 0 : 1, 3) }, () =>
      sketch(random.pick(from.sketches)),
    );
    return several.length === 1 && random.oneIn(4) ? several[0]! : list(...several);
  };
  const values = () => list(...Array.from({ length: random.between(1, 4) }, () => randomElement(random, 0)));
  if (random.oneIn(2)) {
    const payload = random.pick([
      () => op(50),
      () => op(51, sketches()),
      () => op(52, sketches()),
      () => op(53, sketches()),
      () => op(54, sketches()),
      () => op(55),
      () => op(56, random.oneIn(12) ? list(randomElement(random, 1)) : values()),
    ])();
    return { code: OpCode.HLL_READ, bin, payload };
  }
  const flags = () => int(random.oneIn(12) ? random.below(20) : random.pick([0, 0, 0, 1, 2, 4, 5, 6]));
  const bits = () => {
    if (random.oneIn(3)) return [int(-1), int(-1)];
    if (random.oneIn(15)) return [int(random.between(-2, 20)), int(random.between(-2, 60))];
    return [int(random.between(4, 8)), int(random.pick([-1, 0, 4, 12]))];
  };
  const payload = random.pick([
    () => op(0, ...bits(), flags()),
    () => op(1, values(), ...bits(), flags()),
    () => op(1, values(), ...bits(), flags()),
    () => op(2, sketches(), int(random.pick([0, 0, 1, 4, 8, 8, 12, 15]))),
    () => op(3),
    () => op(4, int(random.between(3, 9))),
  ])();
  return { code: OpCode.HLL_MODIFY, bin, payload };
}
