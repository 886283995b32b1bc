import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { type BinValue, doubleOf, doubleValue, integerOf, integerValue, isBlobType } from "../record/bin-value.js";
import { valueFromWire } from "../record/value-from-wire.js";
import type { RequestOp } from "./request.js";

/** INCR, APPEND or PREPEND on what the bin holds: the new value or a result code. A missing bin takes the operand as it is. */
export function applyArithmetic(bin: BinValue | undefined, op: RequestOp): BinValue | number {
  if (bin === undefined) return valueFromWire(op.type, op.value);
  if (!isKnownType(op.type)) return ResultCode.PARAMETER_ERROR;
  return op.code === OpCode.INCR ? increment(bin, op) : concatenate(bin, op);
}

function increment(bin: BinValue, op: RequestOp): BinValue | number {
  if (bin.type === ParticleType.GEOJSON) return ResultCode.SERVER_ERROR;
  if (bin.type !== op.type) return ResultCode.BIN_TYPE_ERROR;
  if (bin.type === ParticleType.INTEGER) {
    const operand = integerOperand(op.value);
    return operand === undefined
      ? ResultCode.PARAMETER_ERROR
      : integerValue(BigInt.asIntN(64, integerOf(bin) + operand));
  }
  if (bin.type !== ParticleType.DOUBLE) return ResultCode.BIN_TYPE_ERROR;
  if (op.value.length !== 8) return ResultCode.PARAMETER_ERROR;
  return doubleValue(doubleOf(bin) + doubleOf({ type: op.type, bytes: op.value }));
}

/** Short operands are taken as unsigned. */
function integerOperand(bytes: Uint8Array): bigint | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (bytes.length) {
    case 8:
      return view.getBigInt64(0);
    case 4:
      return BigInt(view.getUint32(0));
    case 2:
      return BigInt(view.getUint16(0));
    case 1:
      return BigInt(view.getUint8(0));
    default:
      return undefined;
  }
}

function concatenate(bin: BinValue, op: RequestOp): BinValue | number {
  if (bin.type === ParticleType.GEOJSON) return ResultCode.SERVER_ERROR;
  if (bin.type !== op.type) return ResultCode.BIN_TYPE_ERROR;
  if (bin.type !== ParticleType.STRING && !isBlobType(bin.type)) return ResultCode.BIN_TYPE_ERROR;
  const bytes = new Uint8Array(bin.bytes.length + op.value.length);
  const isAppend = op.code === OpCode.APPEND;
  bytes.set(bin.bytes, isAppend ? 0 : op.value.length);
  bytes.set(op.value, isAppend ? bin.bytes.length : 0);
  return { type: bin.type, bytes };
}

const simpleTypes: readonly number[] = [
  ParticleType.INTEGER,
  ParticleType.DOUBLE,
  ParticleType.STRING,
  ParticleType.BOOL,
  ParticleType.HLL,
  ParticleType.MAP,
  ParticleType.LIST,
  ParticleType.GEOJSON,
];

function isKnownType(type: number): boolean {
  return simpleTypes.includes(type) || isBlobType(type);
}
