import { Reader } from "../../protocol/bytes/reader.js";
import { CONTEXT_LIST, CONTEXT_MAP } from "../../protocol/cdt/context.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { LevelBase } from "../cdt/context-level.js";
import { listCount, skipValue, takeInteger } from "../exp/packed.js";

/** Steps that lead to something that is there; steps that make it are for writes alone. */
const STEP_TYPES: ReadonlySet<number> = new Set([
  CONTEXT_LIST + LevelBase.INDEX,
  CONTEXT_LIST + LevelBase.RANK,
  CONTEXT_LIST + LevelBase.VALUE,
  CONTEXT_MAP + LevelBase.INDEX,
  CONTEXT_MAP + LevelBase.RANK,
  CONTEXT_MAP + LevelBase.KEY,
  CONTEXT_MAP + LevelBase.VALUE,
]);

/** Whether packed bytes are a context, `[type, value, …]` with a pair for each step, that an index can have. */
export function isIndexContext(packed: Uint8Array): boolean {
  try {
    const r = new Reader(packed);
    const count = listCount(r);
    if (count === undefined || count === 0 || count % 2 !== 0) return false;
    for (let i = 0; i < count; i += 2) {
      if (!STEP_TYPES.has(Number(takeInteger(r) ?? -1n))) return false;
      skipValue(r);
    }
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
