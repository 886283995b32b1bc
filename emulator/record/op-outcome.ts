import type { BinValue } from "./bin-value.js";
import type { ErrorDetail } from "./error-detail.js";

/** What one operation on a bin comes to. */
export interface OpOutcome {
  /** Result code; with anything but 0 the other members mean nothing. */
  readonly code: number;
  /** The bin's new value; null removes the bin; absent leaves it as it is. */
  readonly bin?: BinValue | null;
  /** Value of the reply row; null or absent: no value. */
  readonly result?: BinValue | null;
  /** What a server of 8.2 says of a failure besides its code. */
  readonly detail?: ErrorDetail;
}

const SUB_CODE_SHIFT = 8;
const CODE_MASK = 0xff;

/** A result code together with a sub code, as the steps of an operation hand it on to its end. */
export function withSubCode(code: number, subCode: number): number {
  return code | (subCode << SUB_CODE_SHIFT);
}

/** The outcome of an operation that failed, from its result code with or without a sub code. */
export function failedWith(code: number): OpOutcome {
  const subCode = code >> SUB_CODE_SHIFT;
  return subCode === 0 ? { code } : { code: code & CODE_MASK, detail: { subCode } };
}
