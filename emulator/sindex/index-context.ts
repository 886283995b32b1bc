import { Reader } from "../../protocol/bytes/reader.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { LevelBase, LIST_LEVEL, MAP_LEVEL } from "../cdt/context-level.js";
import { listCount, skipValue, takeInteger } from "../exp/packed.js";

/** Steps that lead to something that is there; steps that make it are for writes alone. */
const STEP_TYPES: ReadonlySet<number> = new Set([
  LIST_LEVEL + LevelBase.INDEX,
  LIST_LEVEL + LevelBase.RANK,
  LIST_LEVEL + LevelBase.VALUE,
  MAP_LEVEL + LevelBase.INDEX,
  MAP_LEVEL + LevelBase.RANK,
  MAP_LEVEL + LevelBase.KEY,
  MAP_LEVEL + LevelBase.VALUE,
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
