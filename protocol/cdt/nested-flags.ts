import { StringWriteFlags } from "./flags.js";
import { type CdtOperation, CREATING_STRING_OPS } from "./operations.js";
import { Computed, type Param } from "./param.js";

/** Refuses CREATE_ONLY inside of a list or map, where servers refuse it too. */
export function checkNestedFlags(operation: CdtOperation, params: readonly Param[]): void {
  const last = params.at(-1);
  if (!CREATING_STRING_OPS.has(operation) || last === undefined || last instanceof Computed || last.name !== "flags")
    return;
  if ((Number(last.value) & StringWriteFlags.CREATE_ONLY) !== 0)
    throw new TypeError("CREATE_ONLY is for whole bins, not for a string inside of a list or map");
}
