import { ParticleType } from "../../../protocol/value/particle-type.js";
import { tamper } from "../faults/tamper.js";
import { join } from "../join.js";
import type { Random } from "../random/random.js";

const PROTO_HEADER = 8;
const INFO = 1;
const MESSAGE = 3;
const MESSAGE_HEADER = 22;
/** Of an op before its value: size, code, type, version, length of the name. */
const OP_HEADER = 8;
const TAB = 9;
const NEWLINE = 10;
/** Longest that comes of it: what is long takes time and finds no more. */
const MOST = 16_384;
const TYPES: readonly number[] = Object.values(ParticleType);

/**
 * Other bytes made of a message as it goes over the wire. Most of them keep a header that says how long they are, for all
 * else ends at the header.
 * @param others what parts are taken from
 */
export function mutate(message: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  const chance = (): number => random.bits() / 2 ** 32;
  let mutated = message;
  for (let rounds = 1 + random.below(3); rounds > 0; rounds--) {
    const dice = random.below(10);
    if (dice < 3) mutated = withOtherValue(mutated, random, chance);
    else if (dice < 8 && message[1] === INFO) mutated = withOtherLine(mutated, random, chance);
    else if (dice < 4) mutated = splice(mutated, random.pick(others), random);
    else mutated = tamper(mutated.length === 0 ? message : mutated, chance);
  }
  if (mutated.length > MOST) mutated = mutated.subarray(0, MOST);
  return random.oneIn(5) ? mutated : framed(message, mutated);
}

/** The bytes behind the header as the body of a proto of the message's type. */
function framed(message: Uint8Array, mutated: Uint8Array): Uint8Array {
  const body = mutated.subarray(PROTO_HEADER);
  const whole = new Uint8Array(PROTO_HEADER + body.length);
  whole.set(message.subarray(0, 2));
  new DataView(whole.buffer).setUint32(4, body.length);
  whole.set(body, PROTO_HEADER);
  return whole;
}

/** The beginning of one and the end of the other. */
function splice(one: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  return join(one.subarray(0, random.below(one.length + 1)), other.subarray(random.below(other.length + 1)));
}

/** The first message of the body with the value of an op damaged, its size set right and perhaps another type. */
function withOtherValue(message: Uint8Array, random: Random, chance: () => number): Uint8Array {
  const ops = opsOf(message);
  if (ops.length === 0) return tamper(message.length === 0 ? Uint8Array.of(0) : message, chance);
  const { at, value, end } = random.pick(ops);
  const old = message.subarray(value, end);
  const fresh = old.length === 0 ? Uint8Array.of(random.below(256)) : tamper(old, chance);
  const changed = join(message.subarray(0, value), fresh, message.subarray(end));
  new DataView(changed.buffer).setUint32(at, value - at - 4 + fresh.length);
  if (random.oneIn(3)) changed[at + 5] = random.pick(TYPES);
  return changed;
}

/** An info reply with the value of a command damaged; its name stays. */
function withOtherLine(message: Uint8Array, random: Random, chance: () => number): Uint8Array {
  const starts: number[] = [];
  for (let at = PROTO_HEADER; at < message.length; at++) if (message[at] === TAB) starts.push(at + 1);
  if (starts.length === 0) return tamper(message.length === 0 ? Uint8Array.of(0) : message, chance);
  const start = random.pick(starts);
  const newline = message.indexOf(NEWLINE, start);
  const end = newline < 0 ? message.length : newline;
  const value = message.subarray(start, end);
  const fresh = value.length === 0 ? Uint8Array.of(random.below(256)) : tamper(value, chance);
  return join(message.subarray(0, start), fresh, message.subarray(end));
}

interface OpPlace {
  readonly at: number;
  readonly value: number;
  readonly end: number;
}

/** Where the ops of the first message are, as far as it is whole. */
function opsOf(message: Uint8Array): OpPlace[] {
  const places: OpPlace[] = [];
  if (message.length < PROTO_HEADER + MESSAGE_HEADER || message[1] !== MESSAGE) return places;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  let at = PROTO_HEADER + (message[PROTO_HEADER] ?? 0);
  for (let fields = view.getUint16(PROTO_HEADER + 18); fields > 0; fields--) {
    if (at + 4 > message.length) return places;
    at += 4 + view.getUint32(at);
  }
  for (let ops = view.getUint16(PROTO_HEADER + 20); ops > 0; ops--) {
    if (at + OP_HEADER > message.length) return places;
    const value = at + OP_HEADER + (message[at + 7] ?? 0);
    const end = at + 4 + view.getUint32(at);
    if (value > end || end > message.length) return places;
    places.push({ at, value, end });
    at = end;
  }
  return places;
}
