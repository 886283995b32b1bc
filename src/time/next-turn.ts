import type { Runtime } from "../../runtime/runtime.js";

/** Calls once the loop has come round: the rest of the program had its turn, and sockets were read. */
export function nextTurn(runtime: Runtime, call: () => void): void {
  if (runtime.nextTurn === undefined) runtime.setTimer(0, call, true);
  else runtime.nextTurn(call);
}
