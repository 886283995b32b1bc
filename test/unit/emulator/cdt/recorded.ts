import { readFileSync } from "node:fs";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";

const PROTO_HEADER = 8;

/** One recorded exchange, as far as replaying it needs. */
export interface Exchange {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly intent: unknown;
  readonly request: string;
  readonly response: string | readonly string[];
}

export function exchanges(file: string): readonly Exchange[] {
  const parsed: unknown = JSON.parse(readFileSync(new URL(`../../../vectors/${file}.json`, import.meta.url), "utf8"));
  if (!Array.isArray(parsed) || !parsed.every(isExchange))
    throw new Error(`${file}.json holds something else than exchanges`);
  return parsed;
}

function isExchange(entry: unknown): entry is Exchange {
  return typeof entry === "object" && entry !== null && "id" in entry && "request" in entry && "response" in entry;
}

export interface Row {
  readonly code: number;
  readonly bin: string;
  /** Particle type and value bytes, in hex. */
  readonly value: string;
}

export interface Reply {
  readonly resultCode: number;
  readonly rows: readonly Row[];
}

/** The reply that a real server gave. */
export function recordedReply(exchange: Exchange): Reply {
  const message = openMessage(String(exchange.response));
  message.skipFields();
  const rows = readOps(message).map((op) => row(op.code, op.bin, { type: op.type, bytes: op.value }));
  return { resultCode: message.resultCode, rows };
}

/** The payloads of all recorded ops with one of the codes. */
export function recordedPayloads(file: string, codes: readonly number[]): Uint8Array[] {
  return exchanges(file).flatMap((exchange) => {
    const message = openMessage(exchange.request);
    message.skipFields();
    return readOps(message)
      .filter((op) => codes.includes(op.code))
      .map((op) => op.value);
  });
}

interface WireOp {
  readonly code: number;
  readonly bin: string;
  readonly type: number;
  readonly value: Uint8Array;
}

function openMessage(hex: string): MessageReader {
  const message = new MessageReader();
  message.load(new Reader(fromHex(hex), PROTO_HEADER));
  if (!message.next()) throw new Error("no message");
  return message;
}

function readOps(message: MessageReader): WireOp[] {
  const ops: WireOp[] = [];
  message.ops((code, bin, type, reader, size) => ops.push({ code, bin, type, value: reader.copy(size) }));
  return ops;
}

function row(code: number, bin: string, value: BinValue | null): Row {
  if (value === null) return { code, bin, value: "0:" };
  return { code, bin, value: `${value.type}:${toHex(contentOf(value))}` };
}

/** A GeoJSON value carries cells that only an index has a use for. */
function contentOf(value: BinValue): Uint8Array {
  if (value.type !== ParticleType.GEOJSON || value.bytes[0] === 0x7b) return value.bytes;
  return value.bytes.subarray(3 + 8 * ((value.bytes[1]! << 8) | value.bytes[2]!));
}

export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}
