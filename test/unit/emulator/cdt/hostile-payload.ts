import fc from "fast-check";
import { packedEnd } from "../../../../emulator/packed/size.js";

// Payloads as an attacker would send them: recorded ones with parts exchanged, cut, repeated and inflated, and bytes at random.

/** Bytes that begin something in MessagePack, or announce more than there is. */
const POISON = [
  ...["00", "7f", "80", "8f", "90", "9f", "a0", "bf", "c0", "c1", "c2", "c3", "ff", "ccff", "c400", "d900", "d4ff00"],
  ...["d4ff01", "c70001", "c7000f", "c9ffffffff00", "dbffffffff", "dcffff", "ddffffffff", "deffff", "dfffffffff"],
  ...["cb7ff8000000000000", "cbfff0000000000000", "ca7fc00000", "d38000000000000000", "cfffffffffffffffff"],
  ...["d380000000", "ce7fffffff", "ceffffffff", "d280000000", "cd0100", "d1ff00", "82c70001c00101", "9291919190"],
].map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const part = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...POISON) },
  fc.uint8Array({ maxLength: 12 }),
  fc.record({ byte: fc.nat(255), count: fc.nat(2000) }).map(({ byte, count }) => new Uint8Array(count).fill(byte)),
);

/** What befalls a payload: a byte overwritten, a value exchanged, or a stretch cut out with something in its place. */
type Damage = (payload: Uint8Array) => Uint8Array;

const overwrite: fc.Arbitrary<Damage> = fc.tuple(place, fc.nat(255)).map(([at, byte]): Damage => {
  return (payload) => (payload.length === 0 ? payload : payload.with(Math.floor(at * payload.length), byte));
});
const exchange: fc.Arbitrary<Damage> = fc.tuple(place, part).map(([at, inserted]): Damage => {
  return (payload) => {
    const start = Math.floor(at * payload.length);
    const end = packedEnd(payload, start, payload.length);
    return spliced(payload, start, end < 0 ? payload.length : end, inserted);
  };
});
const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 4, arbitrary: overwrite },
  { weight: 6, arbitrary: exchange },
  fc.tuple(place, fc.nat(30), part).map(([at, cut, inserted]): Damage => {
    return (payload) => {
      const start = Math.floor(at * payload.length);
      return spliced(payload, start, start + cut, inserted);
    };
  }),
  fc.tuple(place, place, fc.integer({ min: 1, max: 200 })).map(([at, span, times]): Damage => {
    return (payload) => {
      const start = Math.floor(at * payload.length);
      const stretch = payload.subarray(start, start + 1 + Math.floor(span * 12));
      return spliced(payload, start, start, joined(new Array<Uint8Array>(times).fill(stretch)));
    };
  }),
);

function spliced(bytes: Uint8Array, start: number, end: number, inserted: Uint8Array): Uint8Array {
  return joined([bytes.subarray(0, start), inserted, bytes.subarray(end)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Payloads of up to some KB, most of them damaged versions of those given. */
export function hostilePayload(recorded: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const small = recorded.filter((payload) => payload.length < 2000);
  const damaged = fc
    .tuple(fc.constantFrom(...small), fc.array(damage, { maxLength: 3 }))
    .map(([payload, damages]) => damages.reduce((bytes, each) => each(bytes), payload));
  const parts = fc.array(part, { maxLength: 20 }).map(joined);
  return fc.oneof({ weight: 8, arbitrary: damaged }, parts, fc.uint8Array({ maxLength: 3000 }));
}
