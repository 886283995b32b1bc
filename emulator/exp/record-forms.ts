import { MAX_BIN_NAME_BYTES } from "../../protocol/limits.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { readName, writeName } from "../record/name.js";
import type { RecordView } from "../record/record-view.js";
import type { Compilation, Form } from "./form.js";
import { expectCount, PLAIN_SIZE } from "./operands.js";
import { takeBytes, takeInteger } from "./packed.js";
import { refuse } from "./refused.js";
import { declaredType, particleTypeOf, ResultType } from "./result-type.js";
import { type ExpValue, fromBin, UNKNOWN } from "./value.js";

const SIZE = { BIN: 24, BIN_TYPE: 24, KEY: 12, DIGEST_MODULO: 12 } as const;
/** Milliseconds from 1970 to 2010, from where void times count. */
const EPOCH_2010_MS = 1_262_304_000_000;

/** A fact of the record that is known without its bins. */
function metadata(result: ResultType, read: (record: RecordView) => ExpValue): Form {
  return {
    size: PLAIN_SIZE,
    compile(c: Compilation, count: number): ResultType {
      expectCount(count, 0);
      c.emit((m) => m.push(m.record === undefined ? UNKNOWN : read(m.record)));
      return result;
    },
  };
}

const { INT, BOOL, STRING } = ResultType;

/** Nothing: the emulator keeps its records in memory. */
export const deviceSize = metadata(INT, () => 0n);
export const memorySize = metadata(INT, (record) => BigInt(record.size));
export const recordSize = memorySize;
/** Nanoseconds since 1970. */
export const lastUpdate = metadata(INT, (record) => BigInt(record.lastUpdate) * 1_000_000n);
/** Milliseconds. */
export const sinceUpdate = metadata(INT, (record) => BigInt(Math.max(record.now - record.lastUpdate, 0)));
/** Nanoseconds since 1970, -1 for never. */
export const voidTime = metadata(INT, ({ voidTime: seconds }) =>
  seconds === 0 ? -1n : BigInt(seconds * 1000 + EPOCH_2010_MS) * 1_000_000n,
);
/** Seconds, -1 for never; a record that should have expired has 1 left. */
export const ttl = metadata(INT, (record) => {
  if (record.voidTime === 0) return -1n;
  const now = Math.floor((record.now - EPOCH_2010_MS) / 1000);
  return BigInt(record.voidTime > now ? record.voidTime - now : 1);
});
export const setName = metadata(STRING, (record) => ({
  type: ParticleType.STRING,
  bytes: writeName(record.setName),
}));
export const keyExists = metadata(BOOL, (record) => record.isKeyStored);
/** The emulator keeps no tombstones. */
export const isTombstone = metadata(BOOL, () => false);

/** `[64, n]`: bytes 16 to 19 of the digest, little-endian, modulo a plain integer. */
export const digestModulo: Form = {
  size: SIZE.DIGEST_MODULO,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 1);
    const modulus = takeInteger(c.reader);
    if (modulus === undefined) refuse("the modulus of a digest is a plain integer");
    const divisor = BigInt.asIntN(32, modulus);
    if (divisor === 0n) refuse("a digest modulo zero");
    c.emit((m) => {
      if (m.record === undefined) m.push(UNKNOWN);
      else {
        const [a = 0, b = 0, low = 0, high = 0] = m.record.digest.subarray(16, 20);
        m.push(BigInt(a + b * 0x100 + low * 0x1_0000 + high * 0x100_0000) % divisor);
      }
    });
    return INT;
  },
};

const keyTypes: readonly ResultType[] = [ResultType.INT, ResultType.STRING, ResultType.BLOB];

/** `[80, type]`: the user key, if it is stored and of that type. */
export const recordKey: Form = {
  size: SIZE.KEY,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 1);
    const code = takeInteger(c.reader);
    const type = code === undefined ? undefined : keyTypes.find((known) => BigInt(known) === BigInt.asUintN(32, code));
    if (type === undefined) refuse(`a user key is never of type ${code}`);
    const particleType = particleTypeOf(type);
    c.emit((m) => {
      const key = m.record?.hasBins === true ? m.record.userKey : undefined;
      m.push(key?.type === particleType ? fromBin(key) : UNKNOWN);
    });
    return type;
  },
};

/** `[81, type, name]` */
export const bin: Form = {
  size: SIZE.BIN,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 2);
    const code = takeInteger(c.reader);
    const type = code === undefined ? undefined : declaredType(BigInt.asUintN(64, code));
    if (type === undefined) refuse(`a bin is never of type ${code}`);
    const name = takeBinName(c);
    const particleType = particleTypeOf(type);
    c.emit((m) => {
      const value = m.record?.hasBins === true ? m.record.bin(name) : undefined;
      m.push(value?.type === particleType ? fromBin(value) : UNKNOWN);
    });
    return type;
  },
};

/** `[82, name]`: the particle type, 0 for a bin that is not there. */
export const binType: Form = {
  size: SIZE.BIN_TYPE,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 1);
    const name = takeBinName(c);
    c.emit((m) => m.push(m.record?.hasBins === true ? BigInt(m.record.bin(name)?.type ?? 0) : UNKNOWN));
    return INT;
  },
};

/** `[83, name]`: whether the bin is there. */
export const binExists: Form = {
  size: SIZE.BIN_TYPE,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 1);
    const name = takeBinName(c);
    c.emit((m) => m.push(m.record?.hasBins === true ? m.record.bin(name) !== undefined : UNKNOWN));
    return BOOL;
  },
};

function takeBinName(c: Compilation): string {
  const name = takeBytes(c.reader);
  if (name === undefined || name.length > MAX_BIN_NAME_BYTES || name.includes(0)) refuse("no name of a bin");
  return readName(name);
}
