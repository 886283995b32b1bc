import { describe } from "../../protocol/value/invalid-value.js";

/** @throws TypeError for anything but an AbortSignal; undefined is none, and fine */
export function checkSignal(method: string, signal: unknown): void {
  if (signal === undefined) return;
  if (typeof signal === "object" && signal !== null && "aborted" in signal && "addEventListener" in signal) return;
  throw new TypeError(`${method}: expected signal to be an AbortSignal, got ${describe(signal)}`);
}
