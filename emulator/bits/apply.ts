import { encodeBase64 } from "../../protocol/bytes/base64.js";
import { encodeUtf8 } from "../../protocol/bytes/utf8.js";
import { BitOp } from "../../protocol/cdt/operations.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { Params } from "../cdt/params.js";
import { PayloadReader } from "../cdt/payload-reader.js";
import type { BinValue } from "../record/bin-value.js";
import type { OpOutcome } from "../record/op-outcome.js";
import type { Release } from "../release.js";
import { BitsFlag, byteOffset, byteSize } from "./bits-params.js";
import { BITS_MODIFY_OPS, isRefusal, regionIn } from "./modify.js";
import { BITS_READ_OPS } from "./read.js";

// The payload of an operation on the bits of a blob: [code, param, …]. What follows it is not looked at.

/** Runs the payload of a BITS_READ or BITS_MODIFY op on a bin. Any bytes at all give an outcome. */
export function applyBits(
  bin: BinValue | undefined,
  payload: Uint8Array,
  isModify: boolean,
  release: Release = "8.1",
): OpOutcome {
  if (bin === undefined && !isModify) return done();
  const reader = new PayloadReader(payload);
  const count = reader.list();
  const raw = count === undefined || count === 0 ? undefined : reader.unsigned();
  if (count === undefined || raw === undefined) return refused(ResultCode.PARAMETER_ERROR);
  const code = Number(BigInt.asUintN(32, raw));
  if (!isModify && code === BitOp.B64_ENCODE.code && release === "8.2" && bin !== undefined) {
    return encode(bin, reader, count - 1);
  }
  return isModify ? modify(bin, code, reader, count - 1) : read(bin, code, reader, count - 1);
}

function modify(bin: BinValue | undefined, code: number, reader: PayloadReader, given: number): OpOutcome {
  const op = BITS_MODIFY_OPS.get(code);
  if (op === undefined) return refused(ResultCode.PARAMETER_ERROR);
  const params = new Params(reader, given, op.required, op.most);
  const { flags, edit } = op.read(params);
  if (params.areBad) return refused(ResultCode.PARAMETER_ERROR);
  const noFail = (flags & BitsFlag.NO_FAIL) !== 0;
  if (bin === undefined) {
    const mayCreate = op.creates && (flags & BitsFlag.UPDATE_ONLY) === 0;
    if (!mayCreate) return noFail ? done() : refused(ResultCode.BIN_NOT_FOUND);
  } else {
    if ((flags & BitsFlag.CREATE_ONLY) !== 0) return noFail ? done() : refused(ResultCode.BIN_EXISTS);
    if (bin.type !== ParticleType.BLOB) return refused(ResultCode.BIN_TYPE_ERROR);
  }
  const edited = edit(bin?.bytes ?? new Uint8Array(0));
  if (!isRefusal(edited)) return { code: ResultCode.OK, bin: { type: ParticleType.BLOB, bytes: edited } };
  return noFail && edited.lenient ? done() : refused(edited.code);
}

function read(bin: BinValue | undefined, code: number, reader: PayloadReader, given: number): OpOutcome {
  const op = BITS_READ_OPS.get(code);
  if (op === undefined || bin === undefined) return refused(ResultCode.PARAMETER_ERROR);
  const params = new Params(reader, given, op.required, op.most);
  const { offset, size, answer } = op.read(params);
  if (params.areBad) return refused(ResultCode.PARAMETER_ERROR);
  if (bin.type !== ParticleType.BLOB) return refused(ResultCode.BIN_TYPE_ERROR);
  const region = regionIn(bin.bytes, offset, size, false);
  if ("code" in region) return refused(region.code);
  return { code: ResultCode.OK, result: answer(bin.bytes, region) };
}

/** The bytes, or a stretch of them, as text in base64. */
function encode(bin: BinValue, reader: PayloadReader, given: number): OpOutcome {
  const params = new Params(reader, given, 0, 3);
  const isWhole = given === 0;
  const offset = isWhole ? 0 : byteOffset(params);
  const isFromEnd = given === 3;
  const size = isWhole ? bin.bytes.length : byteSize(params, isFromEnd ? 0n : 1n);
  if (isFromEnd) params.demand(params.flags() <= 1n);
  params.demand(given !== 1);
  if (params.areBad) return refused(ResultCode.PARAMETER_ERROR);
  if (bin.type !== ParticleType.BLOB) return refused(ResultCode.BIN_TYPE_ERROR);
  const { bytes } = bin;
  const start = offset < 0 ? offset + bytes.length : offset;
  const end = isFromEnd ? bytes.length - size : start + size;
  if (start < 0) return refused(ResultCode.PARAMETER_ERROR);
  if (start > end || end > bytes.length) return refused(ResultCode.OP_NOT_APPLICABLE);
  const text = encodeUtf8(encodeBase64(bytes.subarray(start, end)));
  return { code: ResultCode.OK, result: { type: ParticleType.STRING, bytes: text } };
}

function done(): OpOutcome {
  return { code: ResultCode.OK };
}

function refused(code: number): OpOutcome {
  return { code };
}
