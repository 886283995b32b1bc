import type { RequestOp } from "./request.js";

const MAX_BYTES = 15;

export function isBinName(name: Uint8Array): boolean {
  return name.length <= MAX_BYTES && !name.includes(0);
}

export function hasBinName(op: RequestOp): boolean {
  return isBinName(op.nameBytes);
}
