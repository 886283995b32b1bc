import type { ErrorDetailLevel } from "../message/error-details.js";
import { Info2, Info3, Info4 } from "../message/flags.js";

/**
 * What a write does about a record that is there, or is not.
 *
 * | action | record is there | record is missing |
 * |---|---|---|
 * | `"update"` (default) | changed | created |
 * | `"updateOnly"` | changed | KEY_NOT_FOUND (2) |
 * | `"createOnly"` | KEY_EXISTS (5) | created |
 * | `"replace"` | all bins replaced | created |
 * | `"replaceOnly"` | all bins replaced | KEY_NOT_FOUND (2) |
 */
export type RecordExistsAction = "update" | "updateOnly" | "createOnly" | "replace" | "replaceOnly";

/** When a write counts as done: on every replica, or on the master alone. */
export type CommitLevel = "all" | "master";

/** A write that depends on the record's generation; otherwise GENERATION_ERROR (3). */
export interface GenerationCheck {
  /** `"equal"`: the record has this generation. `"greater"`: this generation is greater than the record's. */
  readonly expect: "equal" | "greater";
  readonly generation: number;
}

/** How records are written, whichever they are. */
export interface WritePolicy {
  /** Default `"all"`. */
  readonly commitLevel?: CommitLevel | undefined;
  /** Stores the user key with the record, or compares it with the stored one. */
  readonly sendKey?: boolean | undefined;
  /** What servers from 8.2 are asked to say of errors. Default `"none"`; older ones misread it in batches. */
  readonly errorDetails?: ErrorDetailLevel | undefined;
}

/** On what condition one write is done, and what it leaves behind. */
export interface WriteOptions {
  /** Default `"update"`. */
  readonly recordExists?: RecordExistsAction | undefined;
  readonly generation?: GenerationCheck | undefined;
  /** Seconds to live; 0 (default): as the namespace is set; -1: for ever; -2: leave as it is. */
  readonly ttl?: number | undefined;
  /** A deleted record leaves a tombstone. Enterprise servers only. */
  readonly durableDelete?: boolean | undefined;
  /** Inside a transaction: fail when the record is not yet locked by it. Enterprise servers from 8.0. */
  readonly onLockingOnly?: boolean | undefined;
}

export function writeInfo2(options: WriteOptions): number {
  let flags: number = Info2.WRITE;
  if (options.durableDelete) flags |= Info2.DURABLE_DELETE;
  if (options.recordExists === "createOnly") flags |= Info2.CREATE_ONLY;
  if (options.generation?.expect === "equal") flags |= Info2.GENERATION;
  if (options.generation?.expect === "greater") flags |= Info2.GENERATION_GT;
  return flags;
}

export function writeInfo3(policy: WritePolicy, options: WriteOptions): number {
  const flags = policy.commitLevel === "master" ? Info3.COMMIT_LEVEL_MASTER : 0;
  switch (options.recordExists) {
    case "updateOnly":
      return flags | Info3.UPDATE_ONLY;
    case "replace":
      return flags | Info3.CREATE_OR_REPLACE;
    case "replaceOnly":
      return flags | Info3.REPLACE_ONLY;
    default:
      return flags;
  }
}

export function writeInfo4(options: WriteOptions): number {
  return options.onLockingOnly ? Info4.MRT_ON_LOCKING_ONLY : 0;
}
