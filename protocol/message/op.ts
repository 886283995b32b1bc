import type { Writer } from "../bytes/writer.js";
import { MAX_BIN_NAME_BYTES } from "../limits.js";
import { describe, within } from "../value/invalid-value.js";
import { writeParticle } from "../value/particle.js";
import { ParticleType } from "../value/particle-type.js";
import type { Value } from "../value/value.js";

// An op on the wire:
//   u32 size (4 + name + value) · u8 op code · u8 particle type · u8 flags = 0 · u8 name length · name · value

export const OpCode = {
  READ: 1,
  WRITE: 2,
  CDT_READ: 3,
  CDT_MODIFY: 4,
  INCR: 5,
  EXP_READ: 7,
  EXP_MODIFY: 8,
  APPEND: 9,
  PREPEND: 10,
  TOUCH: 11,
  BITS_READ: 12,
  BITS_MODIFY: 13,
  DELETE_ALL: 14,
  HLL_READ: 15,
  HLL_MODIFY: 16,
  /** Strings: server 8.2 and newer. */
  STRING_READ: 17,
  STRING_MODIFY: 18,
  TO_STRING: 19,
} as const;
export type OpCode = (typeof OpCode)[keyof typeof OpCode];

/** Ops that carry a bin value. */
export interface ValueOp {
  readonly code: typeof OpCode.WRITE | typeof OpCode.INCR | typeof OpCode.APPEND | typeof OpCode.PREPEND;
  readonly bin: string;
  readonly value: Value;
}

/**
 * - `"numbers"`: counts and positions, plain numbers whatever integers come back as
 * - `"map"`: a Map, whatever maps come back as
 * - `"pairs"`: a list of pairs of key and value
 */
export type ResultForm = "numbers" | "map" | "pairs";

/** Ops whose argument is a packed list of their own: collections, bits, HyperLogLog, strings, expressions. TO_STRING has none. */
export interface PayloadOp {
  readonly code:
    | typeof OpCode.CDT_READ
    | typeof OpCode.CDT_MODIFY
    | typeof OpCode.EXP_READ
    | typeof OpCode.EXP_MODIFY
    | typeof OpCode.BITS_READ
    | typeof OpCode.BITS_MODIFY
    | typeof OpCode.HLL_READ
    | typeof OpCode.HLL_MODIFY
    | typeof OpCode.STRING_READ
    | typeof OpCode.STRING_MODIFY
    | typeof OpCode.TO_STRING;
  readonly bin: string;
  readonly payload: Uint8Array;
  /** The oldest server that can carry it out, such as `"8.1.1"`, where that is known. */
  readonly minVersion?: string;
  /** What of it needs that server, in words, where that is more than the operation. */
  readonly neededFor?: string;
  /** The form in which its result comes back; absent for that in which values do. */
  readonly as?: ResultForm;
  /** Whether there is no record on which it fails. */
  readonly neverFails?: true;
}

/** Ops without an argument. READ has a bin's name; TOUCH and DELETE_ALL have none. */
export interface BareOp {
  readonly code: typeof OpCode.READ | typeof OpCode.TOUCH | typeof OpCode.DELETE_ALL;
  readonly bin: string;
  /** A READ of all bins, which has no name: the header's GET_ALL tells it from that of the bin whose name is empty. */
  readonly all?: true;
}

export type Op = ValueOp | PayloadOp | BareOp;

export function isReadOp(op: Op): boolean {
  switch (op.code) {
    case OpCode.READ:
    case OpCode.CDT_READ:
    case OpCode.EXP_READ:
    case OpCode.BITS_READ:
    case OpCode.HLL_READ:
    case OpCode.STRING_READ:
    case OpCode.TO_STRING:
      return true;
    default:
      return false;
  }
}

/** Whether there may be records on which an op fails. */
export function mayFail(op: Op): boolean {
  return op.code !== OpCode.READ && !("neverFails" in op && op.neverFails === true);
}

/** Operations on strings travel as strings: servers refuse others by their type. */
function isStringOp(code: OpCode): boolean {
  return code === OpCode.STRING_READ || code === OpCode.STRING_MODIFY || code === OpCode.TO_STRING;
}

/** Whether an op reads all bins. */
export function isReadAll(op: Op): boolean {
  return op.code === OpCode.READ && op.all === true;
}

/** Throws as {@link writeValueOp}. */
export function writeOp(w: Writer, op: Op): void {
  switch (op.code) {
    case OpCode.WRITE:
    case OpCode.INCR:
    case OpCode.APPEND:
    case OpCode.PREPEND:
      writeValueOp(w, op.code, op.bin, op.value);
      return;
    case OpCode.READ:
    case OpCode.TOUCH:
    case OpCode.DELETE_ALL:
      endOp(w, beginOp(w, op.bin), op.code, ParticleType.NULL);
      return;
    default: {
      const at = beginOp(w, op.bin);
      w.bytes(op.payload);
      endOp(w, at, op.code, isStringOp(op.code) ? ParticleType.STRING : ParticleType.BLOB);
    }
  }
}

/**
 * Throws RangeError when the bin's name is too long, and InvalidValue (a TypeError) naming bin and path when the value
 * has no Aerospike type.
 */
export function writeValueOp(w: Writer, code: ValueOp["code"], bin: string, value: Value): void {
  const at = beginOp(w, bin);
  let particle: ParticleType;
  try {
    particle = writeParticle(w, value);
  } catch (error) {
    throw within(`bin "${bin}"`, error);
  }
  endOp(w, at, code, particle);
}

/** Writes an op up to its value; returns where it begins, for {@link endOp}. */
export function beginOp(w: Writer, bin: string): number {
  const at = w.gap(8);
  const nameLength = w.utf8(bin);
  // Names are checked where they are given; a longer one here would break the message.
  if (nameLength > MAX_BIN_NAME_BYTES) {
    throw new RangeError(
      `The bin name ${describe(bin)} takes ${nameLength} bytes: at most ${MAX_BIN_NAME_BYTES} are allowed`,
    );
  }
  w.patchU8(at + 7, nameLength);
  return at;
}

/** Completes the op begun at `at`, whose value has been written. */
export function endOp(w: Writer, at: number, code: OpCode, particle: ParticleType): void {
  w.patchU32(at, w.length - at - 4);
  w.patchU8(at + 4, code);
  w.patchU8(at + 5, particle);
}
