import type { Writer } from "../bytes/writer.js";
import type { RecordKey } from "../key/record-key.js";
import { Info1 } from "../message/flags.js";
import { beginMessage, type MessageWriter } from "../message/message-writer.js";
import type { ExtraFlags } from "./begin-write.js";
import { type ReadPolicy, readInfo1, readInfo3 } from "./read-policy.js";

// Header and fields that all reads of one record share:
//   info1 READ and more · info3 read mode · record ttl: read-touch percent
//   fields: NAMESPACE · SET · DIGEST · [KEY] · [filter]

export const NO_READ_POLICY: ReadPolicy = {};

export function beginRead(
  w: Writer,
  key: RecordKey,
  policy: ReadPolicy,
  timeoutMs: number,
  extra: ExtraFlags,
): MessageWriter {
  const m = beginMessage(w, {
    info1: Info1.READ | readInfo1(policy) | (extra.info1 ?? 0),
    info2: extra.info2 ?? 0,
    info3: readInfo3(policy),
    recordTtl: policy.readTouchTtlPercent ?? 0,
    transactionTtl: timeoutMs,
  });
  m.address(key);
  if (policy.sendKey) m.userKey(key);
  m.filter(policy.filter);
  return m;
}
