import type { Writer } from "../../protocol/bytes/writer.js";
import { FieldType } from "../../protocol/message/field-type.js";
import { Info3 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { geoValueOf } from "../geo/index.js";
import type { ErrorDetails } from "./error-details.js";
import type { Outcome, ReplyRow } from "./outcome.js";
import { HEADER_SIZE } from "./request.js";

// A reply of type 3 on the wire:
//   u8 version = 2 · u8 type = 3 · u48 size of the body
//   u8 header size = 22 · u8 info1 = 0 · u8 info2 = 0 · u8 info3 · u8 info4 = 0 · u8 result code · u32 generation
//   u32 void-time · u32 row index (batch) · u16 fields · u16 ops · fields · ops

export const PROTO_HEADER_SIZE = 8;
const VERSION = 2;
const VERSION_SIZE = 7;
const DEADLINE_SIZE = 4;
export const ProtoType = { INFO: 1, SECURITY: 2, MESSAGE: 3, COMPRESSED: 4, XDR: 5 } as const;

/** Starts a proto message; {@link endProto} fills in its size. */
export function beginProto(w: Writer, type: number): number {
  const start = w.gap(PROTO_HEADER_SIZE);
  w.patchU8(start, VERSION);
  w.patchU8(start + 1, type);
  return start;
}

export function endProto(w: Writer, start: number): void {
  w.patchU48(start + 2, w.length - start - PROTO_HEADER_SIZE);
}

/** Appends the header of a message and returns where it starts. */
export function writeHeader(w: Writer, resultCode: number, generation: number, voidTime: number): number {
  const start = w.gap(HEADER_SIZE);
  w.patchU8(start, HEADER_SIZE);
  w.patchU8(start + 5, resultCode);
  w.patchU32(start + 6, generation);
  w.patchU32(start + 10, voidTime);
  return start;
}

export function patchInfo1(w: Writer, header: number, flags: number): void {
  w.patchU8(header + 1, flags);
}

export function patchInfo3(w: Writer, header: number, flags: number): void {
  w.patchU8(header + 3, flags);
}

/** Only rows of a batch have one. */
export function patchRowIndex(w: Writer, header: number, index: number): void {
  w.patchU32(header + 14, index);
}

export function patchFieldCount(w: Writer, header: number, count: number): void {
  w.patchU16(header + 18, count);
}

export function patchOpCount(w: Writer, header: number, count: number): void {
  w.patchU16(header + 20, count);
}

export function writeField(w: Writer, type: number, data: Uint8Array): void {
  w.u32(data.length + 1);
  w.u8(type);
  w.bytes(data);
}

export function writeRow(w: Writer, row: ReplyRow): void {
  const { value } = row;
  const at = w.gap(8);
  w.bytes(row.nameBytes);
  if (value !== null) {
    if (value.type === ParticleType.GEOJSON) writeGeoJsonHeader(w, value.bytes, row.isLoose);
    w.bytes(value.bytes);
  }
  w.patchU32(at, w.length - at - 4);
  w.patchU8(at + 4, row.code);
  w.patchU8(at + 5, value === null ? ParticleType.NULL : value.type);
  w.patchU8(at + 7, row.nameBytes.length);
}

/** u8 flags (1: region) · u16 cells · cells of 8 bytes; the JSON text follows. */
function writeGeoJsonHeader(w: Writer, json: Uint8Array, isLoose: boolean): void {
  const value = isLoose ? undefined : geoValueOf(json);
  const cells = value?.cells ?? [];
  w.u8(value?.geometry.kind === "region" ? 1 : 0);
  w.u16(cells.length);
  for (const cell of cells) w.u64(cell);
}

/** A whole reply without rows. */
export function writeResult(w: Writer, resultCode: number, details?: ErrorDetails): void {
  const start = beginProto(w, ProtoType.MESSAGE);
  const header = writeHeader(w, resultCode, 0, 0);
  patchFieldCount(w, header, writeDetails(w, resultCode, details));
  endProto(w, start);
}

/** What is said of a refusal; returns how many fields that are. */
function writeDetails(w: Writer, resultCode: number, details: ErrorDetails | undefined): number {
  const field = resultCode === ResultCode.OK ? undefined : details?.field;
  if (field === undefined) return 0;
  writeField(w, FieldType.ERROR_DETAILS, field);
  return 1;
}

/** The end of a batch's reply, in a proto of its own. */
export function writeEnd(w: Writer, resultCode: number): void {
  const start = beginProto(w, ProtoType.MESSAGE);
  patchInfo3(w, writeHeader(w, resultCode, 0, 0), Info3.LAST);
  endProto(w, start);
}

/** A whole reply to a command on one record. */
export function writeOutcome(w: Writer, outcome: Outcome, details: ErrorDetails): void {
  const start = beginProto(w, ProtoType.MESSAGE);
  writeOutcomeMessage(w, outcome, details);
  endProto(w, start);
}

/** The message alone, as in the blocks of a batch; returns where its header starts. */
export function writeOutcomeMessage(w: Writer, outcome: Outcome, details: ErrorDetails): number {
  const { code, generation, voidTime, rows, version, deadline } = outcome;
  const header = writeHeader(w, code, generation, voidTime);
  let fields = 0;
  if (version !== undefined) {
    writeField(w, FieldType.RECORD_VERSION, littleEndian(version, VERSION_SIZE));
    fields++;
  }
  if (deadline !== undefined) {
    writeField(w, FieldType.MRT_DEADLINE, littleEndian(BigInt(deadline), DEADLINE_SIZE));
    fields++;
  }
  patchFieldCount(w, header, fields + writeDetails(w, code, details));
  patchOpCount(w, header, rows.length);
  for (const row of rows) writeRow(w, row);
  return header;
}

function littleEndian(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}
