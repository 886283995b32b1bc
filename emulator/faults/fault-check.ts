import type { FaultSpec } from "./fault.js";

/** Throws RangeError for what no fault can be. */
export function checkFault(spec: FaultSpec, nodes: number): void {
  const { node } = spec;
  if (node !== undefined && (!Number.isInteger(node) || node < 0 || node >= nodes)) {
    throw new RangeError(`node: ${node} is no place in a cluster of ${nodes} nodes`);
  }
  checkCount("skip", spec.skip, 0);
  checkCount("times", spec.times, 1);
  switch (spec.do) {
    case "delay":
      if (!(spec.ms >= 0)) throw new RangeError(`ms: ${spec.ms} is not a time of 0 ms or more`);
      return;
    case "cut":
    case "truncate":
      checkCount("bytes", spec.bytes, 0);
      return;
    case "answer":
      if (!Number.isInteger(spec.resultCode) || spec.resultCode < 1 || spec.resultCode > 255) {
        throw new RangeError(`resultCode: ${spec.resultCode} is not a result code from 1 to 255`);
      }
      return;
    default:
  }
}

function checkCount(name: string, count: number | undefined, least: number): void {
  if (count === undefined) return;
  if (!Number.isSafeInteger(count) || count < least) {
    throw new RangeError(`${name}: ${count} is not a whole number of ${least} or more`);
  }
}
