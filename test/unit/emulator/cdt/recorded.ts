import { readFileSync } from "node:fs";
import { rewriteContainer } from "../../../../emulator/cdt/index.js";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import type { OpOutcome } from "../../../../emulator/record/op-outcome.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { Info1, Info2 } from "../../../../protocol/message/flags.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { OpCode } from "../../../../protocol/message/op.js";
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

/** The particle types that a request writes. */
export function writtenTypes(exchange: Exchange): number[] {
  const message = openMessage(exchange.request);
  message.skipFields();
  return readOps(message)
    .filter((op) => op.code === OpCode.WRITE)
    .map((op) => op.type);
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

export type ApplyOp = (bin: BinValue | undefined, payload: Uint8Array, modify: boolean) => OpOutcome;

/** Which module runs which ops. */
export interface Modules {
  readonly cdt?: ApplyOp;
  readonly bits?: ApplyOp;
  readonly hll?: ApplyOp;
}

/** Just enough of a server to run recorded exchanges on: records by digest, bins by name. */
export class TinyServer {
  readonly #records = new Map<string, Map<string, BinValue>>();
  readonly #modules: Modules;

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  run(exchange: Exchange): Reply {
    const message = openMessage(exchange.request);
    let digest = "";
    message.fields((type, data, size) => {
      if (type === FieldType.DIGEST) digest = toHex(data.copy(size));
    });
    const ops = readOps(message);
    const bins = this.#records.get(digest);
    if ((message.info2 & Info2.DELETE) !== 0) {
      this.#records.delete(digest);
      return { resultCode: bins === undefined ? 2 : 0, rows: [] };
    }
    if ((message.info2 & Info2.WRITE) === 0 && bins === undefined) return { resultCode: 2, rows: [] };
    const run = new Run(new Map(bins), this.#modules, message.info2);
    if ((message.info1 & Info1.GET_ALL) !== 0 && ops.length === 0) run.readAll();
    for (const op of ops) {
      const code = run.apply(op);
      if (code !== 0) return { resultCode: code, rows: [] };
    }
    if (run.bins.size === 0 && bins === undefined) return { resultCode: 2, rows: [] };
    if (run.bins.size === 0) this.#records.delete(digest);
    else this.#records.set(digest, run.bins);
    return { resultCode: 0, rows: run.rows };
  }
}

class Run {
  readonly bins: Map<string, BinValue>;
  readonly rows: Row[] = [];
  readonly #modules: Modules;
  readonly #respondAll: boolean;
  readonly #writes: boolean;

  constructor(bins: Map<string, BinValue>, modules: Modules, info2: number) {
    this.bins = bins;
    this.#modules = modules;
    this.#respondAll = (info2 & Info2.RESPOND_ALL_OPS) !== 0;
    this.#writes = (info2 & Info2.WRITE) !== 0;
  }

  readAll(): void {
    for (const [bin, value] of this.bins) this.rows.push(row(OpCode.READ, bin, value));
  }

  apply(op: WireOp): number {
    const bin = this.bins.get(op.bin);
    switch (op.code) {
      case OpCode.READ:
        if (op.bin === "") this.readAll();
        else this.#answer(op, bin ?? null, bin !== undefined);
        return 0;
      case OpCode.WRITE:
        return this.#write(op);
      case OpCode.DELETE_ALL:
        this.bins.clear();
        this.#answer(op, null, false);
        return 0;
      case OpCode.CDT_READ:
      case OpCode.BITS_READ:
      case OpCode.HLL_READ:
        return this.#read(op, bin);
      case OpCode.CDT_MODIFY:
      case OpCode.BITS_MODIFY:
      case OpCode.HLL_MODIFY:
        return this.#modify(op, bin);
      default:
        throw new Error(`the replay does not know op ${op.code}`);
    }
  }

  #write(op: WireOp): number {
    if (op.type === ParticleType.NULL) this.bins.delete(op.bin);
    else {
      const isContainer = op.type === ParticleType.LIST || op.type === ParticleType.MAP;
      const bytes = isContainer ? rewriteContainer(op.type, op.value) : op.value;
      if (typeof bytes === "number") return bytes;
      this.bins.set(op.bin, { type: op.type, bytes });
    }
    this.#answer(op, null, false);
    return 0;
  }

  #read(op: WireOp, bin: BinValue | undefined): number {
    const outcome = this.#module(op.code)(bin, op.value, false);
    if (outcome.code !== 0) return outcome.code;
    // Beside a write, a read of what is inside a bin answers even when it finds nothing there.
    this.#answer(op, outcome.result ?? null, bin !== undefined && this.#writes);
    return 0;
  }

  #modify(op: WireOp, bin: BinValue | undefined): number {
    const outcome = this.#module(op.code)(bin, op.value, true);
    if (outcome.code !== 0) return outcome.code;
    if (outcome.bin === null) this.bins.delete(op.bin);
    else if (outcome.bin !== undefined) this.bins.set(op.bin, outcome.bin);
    this.#answer(op, outcome.result ?? null, false);
    return 0;
  }

  #answer(op: WireOp, value: BinValue | null, found: boolean): void {
    if (value !== null || found || this.#respondAll) this.rows.push(row(op.code, op.bin, value));
  }

  #module(code: number): ApplyOp {
    const { cdt, bits, hll } = this.#modules;
    const isCdt = code === OpCode.CDT_READ || code === OpCode.CDT_MODIFY;
    const isBits = code === OpCode.BITS_READ || code === OpCode.BITS_MODIFY;
    const module = isCdt ? cdt : isBits ? bits : hll;
    if (module === undefined) throw new Error(`no module runs op ${code}`);
    return module;
  }
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
