import type { ErrorDetailLevel } from "../message/error-details.js";
import { Info1, Info3 } from "../message/flags.js";
import type { DecodeOptions } from "../value/value.js";

/**
 * Reads in available (AP) namespaces: one replica, or the newest record of all of them while partitions migrate.
 */
export type ReadModeAp = "one" | "all";
/** Reads in strong-consistency namespaces, strictest first: linearize, session, allowReplica, allowUnavailable. */
export type ReadModeSc = "session" | "linearize" | "allowReplica" | "allowUnavailable";

/** How records are read, whichever they are. */
export interface ReadPolicy {
  /** Default `"one"`. */
  readonly readModeAp?: ReadModeAp | undefined;
  /** Default `"session"`. */
  readonly readModeSc?: ReadModeSc | undefined;
  /** 0 (default): as the server is set; -1: never; 1 to 100: renew a record whose life is that far gone. Server 7.1+. */
  readonly readTouchTtlPercent?: number | undefined;
  /** Sends the user key for the server to compare with the stored one: KEY_MISMATCH (19). */
  readonly sendKey?: boolean | undefined;
  /** What servers from 8.2 are asked to say of errors. Default `"none"`; older ones misread it in batches. */
  readonly errorDetails?: ErrorDetailLevel | undefined;
  /** How values come back. */
  readonly decode?: DecodeOptions | undefined;
}

export function readInfo1(policy: ReadPolicy): number {
  return policy.readModeAp === "all" ? Info1.CONSISTENCY_LEVEL_ALL : 0;
}

export function readInfo3(policy: ReadPolicy): number {
  switch (policy.readModeSc) {
    case "linearize":
      return Info3.SC_READ_TYPE;
    case "allowReplica":
      return Info3.SC_READ_RELAX;
    case "allowUnavailable":
      return Info3.SC_READ_TYPE | Info3.SC_READ_RELAX;
    default:
      return 0;
  }
}
