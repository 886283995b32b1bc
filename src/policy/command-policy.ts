import type { BatchOptions } from "../../protocol/command/batch.js";
import type { ReadPolicy } from "../../protocol/command/read-policy.js";
import type { WritePolicy } from "../../protocol/command/write-policy.js";
import type { ErrorDetailLevel } from "../../protocol/message/error-details.js";
import type { DecodeOptions } from "../../protocol/value/value.js";
import type { CommandSettings, Replica } from "../cluster/options.js";
import { socketTimeoutOf } from "./attempt-time.js";
import type { Behavior, CommandKind, CommandShape, NamespaceMode, TxnStep } from "./behavior.js";
import type { CallSettings } from "./call-options.js";
import type { Settings } from "./settings.js";

/**
 * All that is settled about a command before it is known which record it is for: how the cluster carries it out, and
 * the read modes, commit level and the rest that it is sent with. There is one for each kind of command, and everything
 * that carries the command out shares it.
 */
export interface CommandPolicy extends CommandSettings, ReadPolicy {
  /** For the whole operation, retries included; 0 for no limit. The call that a user awaits makes a Deadline of it. */
  readonly totalTimeoutMs: number;
  readonly commitLevel: WritePolicy["commitLevel"];
  /** Whether the user key is stored. Reads send none. */
  readonly sendKey: boolean;
  /** Whether deletes leave a tombstone unless the command says otherwise. Most writes delete nothing. */
  readonly durableDeletes: boolean;
  /** How nodes work on the rows of a batch. */
  readonly batch: Required<BatchOptions>;
  /** What servers are asked to say of errors. */
  readonly errorDetails: ErrorDetailLevel;
}

/**
 * @param decode how values come back
 * @param givesErrorDetails whether every server of the cluster can explain its errors; default false
 * @param own what a call says otherwise than the behavior
 */
export function commandPolicyOf(
  behavior: Behavior,
  kind: CommandKind,
  shape: CommandShape,
  mode: NamespaceMode,
  decode: DecodeOptions,
  givesErrorDetails = false,
  own?: CallSettings,
): CommandPolicy {
  const settings = { ...behavior.getSettings(kind, shape, mode), ...own };
  const isScRead = kind === "read" && mode === "sc";
  // Operations of a write can read, and then do so as reads of the behavior do.
  const { readModeAp, readModeSc, readTouchTtlPercent } = behavior.getSettings("read", shape, mode);
  return Object.freeze<CommandPolicy>({
    totalTimeoutMs: settings.totalTimeout,
    socketTimeoutMs: socketTimeoutOf(kind, shape, settings),
    maxRetries: settings.maxRetries,
    retryDelayMs: settings.retryDelay,
    compress: settings.compress,
    replica: isScRead ? scReplica(settings) : settings.replica,
    linearize: isScRead && settings.readModeSc === "linearize",
    readModeAp,
    readModeSc,
    readTouchTtlPercent,
    decode,
    commitLevel: settings.commitLevel,
    sendKey: kind !== "read" && settings.sendKey,
    durableDeletes: settings.durableDelete,
    batch: { inline: settings.allowInline, inlineSsd: settings.allowInlineSsd },
    errorDetails: givesErrorDetails ? settings.errorDetailVerbosity : "none",
  });
}

/** For a step that ends a transaction. */
export function txnPolicyOf(behavior: Behavior, step: TxnStep): CommandPolicy {
  const settings = behavior.getTxnSettings(step);
  return {
    totalTimeoutMs: settings.totalTimeout,
    socketTimeoutMs: socketTimeoutOf(step === "verify" ? "read" : "writeRetryable", "point", settings),
    maxRetries: settings.maxRetries,
    retryDelayMs: settings.retryDelay,
    compress: settings.compress,
    replica: settings.replica,
    linearize: step === "verify",
    readModeSc: settings.readModeSc,
    commitLevel: settings.commitLevel,
    sendKey: settings.sendKey,
    durableDeletes: settings.durableDelete,
    batch: { inline: settings.allowInline, inlineSsd: settings.allowInlineSsd },
    errorDetails: "none",
  };
}

/** In a strong-consistency namespace only the master can serve the strict reads. */
function scReplica({ readModeSc, replica }: Settings): Replica {
  if (readModeSc === "session") return "master";
  return readModeSc === "linearize" && replica === "preferRack" ? "sequence" : replica;
}
