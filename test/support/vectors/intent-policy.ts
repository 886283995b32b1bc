import type { ReadModeSc } from "../../../protocol/command/read-policy.js";
import type { GenerationCheck, RecordExistsAction } from "../../../protocol/command/write-policy.js";
import type { How } from "../record-commands.js";
import type { Entry, IntentPolicy } from "./entry.js";
import type { RecordedRequest } from "./recorded-request.js";

const EXISTS: Readonly<Record<string, RecordExistsAction>> = {
  CREATE: "createOnly",
  UPDATE: "updateOnly",
  REPLACE: "replaceOnly",
  CREATE_OR_REPLACE: "replace",
};

const READ_MODES: Readonly<Record<string, ReadModeSc>> = {
  SESSION: "session",
  LINEARIZE: "linearize",
  ALLOW_REPLICA: "allowReplica",
  ALLOW_UNAVAILABLE: "allowUnavailable",
};

const TTL: Readonly<Record<string, number>> = { DEFAULT: 0, NEVER: -1, DONT_UPDATE: -2, CLIENT_DEFAULT: 0 };

/** The policy of an intent in the words of this client. */
export function policyOf(entry: Entry, recorded: RecordedRequest): How {
  const policy = entry.intent.policy ?? {};
  return {
    recordExists: EXISTS[policy.exists ?? ""],
    generation: generationOf(policy),
    ttl: ttlOf(policy.ttl),
    readTouchTtlPercent: policy.readTouchTtlPercent,
    sendKey: policy.sendKey,
    commitLevel: policy.commitLevel === "MASTER" ? "master" : "all",
    durableDelete: policy.durableDelete,
    onLockingOnly: policy.onLockingOnly,
    readModeAp: policy.readModeAP === "ALL" ? "all" : "one",
    readModeSc: READ_MODES[policy.readModeSC ?? ""],
    filter: policy.filter === undefined ? undefined : recorded.filter,
    respondAllOps: recorded.respondsAllOps,
  };
}

export function ttlOf(ttl: number | string | undefined): number | undefined {
  return typeof ttl === "string" ? TTL[ttl] : ttl;
}

function generationOf({ gen, generation = 0 }: IntentPolicy): GenerationCheck | undefined {
  if (gen === "EQ") return { expect: "equal", generation };
  return gen === "GT" ? { expect: "greater", generation } : undefined;
}
