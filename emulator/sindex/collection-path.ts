import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { packInteger, packListHeader } from "../../protocol/value/pack.js";
import { applyCdt } from "../cdt/index.js";
import { listCount, takeInteger, takeValue } from "../exp/packed.js";
import type { BinValue } from "../record/bin-value.js";

// A packed context: [type, value, type, value, …], one pair for each step into the bin.

const CONTEXT_EVAL = 0xff;
const RETURN_VALUE = 7;
/** For each kind of step the read operation that takes the same step. */
const STEP_READS: ReadonlyMap<number, number> = new Map([
  [0x10, 19],
  [0x11, 21],
  [0x13, 20],
  [0x20, 104],
  [0x21, 106],
  [0x22, 97],
  [0x23, 98],
]);

interface Step {
  readonly type: number;
  readonly value: Uint8Array;
}

/** The steps of a context; undefined for what is no context that an index can have. */
export function parseContext(packed: Uint8Array): readonly Step[] | undefined {
  try {
    const r = new Reader(packed);
    const count = listCount(r);
    if (count === undefined || count === 0 || count % 2 !== 0) return undefined;
    const steps: Step[] = [];
    for (let i = 0; i < count; i += 2) {
      const type = Number(takeInteger(r) ?? -1n);
      if (!STEP_READS.has(type)) return undefined;
      steps.push({ type, value: takeValue(r) });
    }
    return steps;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** The value at the end of a path into a collection; undefined where the path leads nowhere. */
export function valueAt(bin: BinValue, steps: readonly Step[]): BinValue | undefined {
  const last = steps.at(-1);
  if (last === undefined) return bin;
  const w = new Writer();
  const before = steps.slice(0, -1);
  if (before.length > 0) {
    packListHeader(w, 3);
    packInteger(w, CONTEXT_EVAL);
    packListHeader(w, 2 * before.length);
    for (const step of before) {
      packInteger(w, step.type);
      w.bytes(step.value);
    }
  }
  packListHeader(w, 3);
  packInteger(w, STEP_READS.get(last.type) ?? 0);
  packInteger(w, RETURN_VALUE);
  w.bytes(last.value);
  const outcome = applyCdt(bin, w.copy(), false);
  return outcome.code === 0 ? (outcome.result ?? undefined) : undefined;
}
