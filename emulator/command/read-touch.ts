import type { StoredRecord } from "../record/stored-record.js";
import { Ttl, voidTimeNow } from "../record/void-time.js";
import type { RecordContext } from "./record-context.js";
import type { Request } from "./request.js";

/** On reads the field for the time to live holds a percentage, or one of these. */
const USE_DEFAULT = 0;
const NEVER_TOUCH = 0xffff_ffff;

/**
 * Prolongs the life of a record that is read near its end: when less than the asked percentage of its time to live is
 * left, it gets the whole of it again. False for a percentage that the server refuses.
 */
export function readTouch(ctx: RecordContext, request: Request, record: StoredRecord): boolean {
  if (record.voidTime === 0 || request.ttl === NEVER_TOUCH) return true;
  let percent = request.ttl;
  if (percent === USE_DEFAULT) percent = ctx.namespace.readTouchPercent(record.setName);
  else if (percent > 100) return false;
  if (percent === 0) return true;
  const now = voidTimeNow(ctx.now);
  const life = record.voidTime - voidTimeNow(record.lastUpdate);
  if (now < record.voidTime - Math.floor((life * percent) / 100)) return true;
  const voidTime = ctx.namespace.nextVoidTime(record, life > 0 ? life : Ttl.DEFAULT, ctx.now);
  if (voidTime > record.voidTime) {
    const { generation, userKey, bins } = record;
    const lastUpdate = Math.max(record.lastUpdate, ctx.now);
    record.become({ generation, voidTime, lastUpdate, userKey, bins }, ctx.partition);
    ctx.namespace.counters.add("read_touch_success");
  }
  return true;
}
