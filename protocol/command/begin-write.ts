import type { Writer } from "../bytes/writer.js";
import type { RecordKey } from "../key/record-key.js";
import { beginMessage, type MessageWriter } from "../message/message-writer.js";
import { type WritePolicy, writeInfo2, writeInfo3, writeInfo4 } from "./write-policy.js";

// Header and fields that all writes of one record share:
//   info2 WRITE and more · info3 record-exists action, commit level · generation · record ttl
//   fields: NAMESPACE · SET · DIGEST · [KEY] · [filter]

/** Header flags that a command adds to those of its policy. */
export interface ExtraFlags {
  readonly info1?: number;
  readonly info2?: number;
}

export const NO_WRITE_POLICY: WritePolicy = {};

export function beginWrite(
  w: Writer,
  key: RecordKey,
  policy: WritePolicy,
  timeoutMs: number,
  extra?: ExtraFlags,
): MessageWriter {
  const m = beginMessage(w, {
    info1: extra?.info1 ?? 0,
    info2: writeInfo2(policy) | (extra?.info2 ?? 0),
    info3: writeInfo3(policy),
    info4: writeInfo4(policy),
    generation: policy.generation?.generation ?? 0,
    recordTtl: policy.ttl ?? 0,
    transactionTtl: timeoutMs,
  });
  m.address(key);
  if (policy.sendKey) m.userKey(key);
  m.filter(policy.filter);
  return m;
}
