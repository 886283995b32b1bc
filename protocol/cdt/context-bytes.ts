import { Writer } from "../bytes/writer.js";
import { type CTX, checkContext, packContext } from "./context.js";

// The context of a secondary index (field INDEX_CONTEXT, `context=` in base64): the array of steps, without create flags.

/** The context of an index. Throws TypeError when a step creates something or selects several places. */
export function packedContext(context: readonly CTX[]): Uint8Array {
  if (context.length === 0) throw new RangeError("The context of an index is empty; expected at least one step");
  checkContext(context);
  for (const step of context) {
    if (step.creates) throw new TypeError("The context of an index creates nothing: use CTX.listIndex or CTX.mapKey");
  }
  const w = new Writer(64);
  packContext(w, context);
  return w.copy();
}
