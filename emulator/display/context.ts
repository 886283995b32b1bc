import { Reader } from "../../protocol/bytes/reader.js";
import { CONTEXT_BASE_MASK, CONTEXT_LIST, CONTEXT_MAP } from "../../protocol/cdt/context.js";
import { LevelBase } from "../cdt/context-level.js";
import { listCount, takeInteger } from "../exp/packed.js";
import { displayStepValue } from "./value.js";

const BASES: ReadonlyMap<number, string> = new Map([
  [LevelBase.INDEX, "index"],
  [LevelBase.RANK, "rank"],
  [LevelBase.KEY, "key"],
  [LevelBase.VALUE, "value"],
  [LevelBase.EXPRESSION, "exp"],
  [LevelBase.KEY_LIST, "key_list"],
]);

/** A packed context in the words of a server: `[map_key(<string#1>), list_index(-1)]`. */
export function displayContext(packed: Uint8Array): string {
  return takeContext(new Reader(packed));
}

export function takeContext(r: Reader): string {
  const steps: string[] = [];
  for (let left = listCount(r) ?? 0; left >= 2; left -= 2) {
    const type = Number(takeInteger(r) ?? 0n);
    let container = "";
    if (type & CONTEXT_LIST) container = "list_";
    else if (type & CONTEXT_MAP) container = "map_";
    steps.push(`${container}${BASES.get(type & CONTEXT_BASE_MASK)}(${displayStepValue(r)})`);
  }
  return `[${steps.join(", ")}]`;
}
