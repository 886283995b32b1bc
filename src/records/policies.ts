import type { ReadPolicy } from "../../protocol/command/read-policy.js";
import type { WritePolicy } from "../../protocol/command/write-policy.js";
import type { Settings } from "../session/settings.js";

// Settings are resolved once for each kind of command and shared, so what follows from them is worked out once too.
const reads = new WeakMap<Settings, ReadPolicy>();
const writes = new WeakMap<Settings, WritePolicy>();

/** What the settings ask of a read. */
export function readPolicyOf(settings: Settings): ReadPolicy {
  let policy = reads.get(settings);
  if (policy === undefined) {
    const { readModeAp, readModeSc, readTouchTtlPercent } = settings;
    policy = { readModeAp, readModeSc, readTouchTtlPercent };
    reads.set(settings, policy);
  }
  return policy;
}

/** What the settings ask of a write that deletes nothing. */
export function writePolicyOf(settings: Settings): WritePolicy {
  let policy = writes.get(settings);
  if (policy === undefined) {
    const { commitLevel, sendKey } = settings;
    policy = { commitLevel, sendKey };
    writes.set(settings, policy);
  }
  return policy;
}
