import { alternatives } from "../../protocol/check/check-options.js";
import type { ReadModeAp, ReadModeSc } from "../../protocol/command/read-policy.js";
import type { CommitLevel } from "../../protocol/command/write-policy.js";
import type { ErrorDetailLevel } from "../../protocol/message/error-details.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { Replica } from "../cluster/options.js";

/** How a command is carried out. Times are milliseconds, 0 to 2^31-1. */
export interface Settings {
  /** Time for the whole operation, retries included; 0 for no limit. */
  readonly totalTimeout: number;
  /**
   * Time for one attempt; 0 leaves it to `totalTimeout`. It begins when the request gets a socket. A request that waits
   * for one is given up after this time only if the node replies to nobody meanwhile. For queries and counts it is how
   * long a node may be silent (1 s at least) before it is asked about the query: one that searches sends nothing until
   * it finds something. One that does not reply, or says twice that it does not run the query, is given up.
   *
   * `"auto"` shares the time of a read among its attempts: a third of `totalTimeout` for a record, half of it for a batch,
   * all of it without retries. Writes, which are not sent again, have all of it; queries, background tasks and
   * administration 5 s, and so have reads without a total limit.
   */
  readonly socketTimeout: number | "auto";
  /** Attempts after the first. A write that may have happened is never tried again, whatever this says. */
  readonly maxRetries: number;
  /** Pause before each retry. */
  readonly retryDelay: number;
  /** Whether writes store the user key beside the digest. */
  readonly sendKey: boolean;
  /** Whether deletes leave a tombstone (Enterprise Edition). */
  readonly durableDelete: boolean;
  /** When a write counts as done. */
  readonly commitLevel: CommitLevel;
  /** Which replica is asked first. */
  readonly replica: Replica;
  /** How many replicas a read asks, in available namespaces. */
  readonly readModeAp: ReadModeAp;
  /** How strict a read is, in strong-consistency namespaces. */
  readonly readModeSc: ReadModeSc;
  /**
   * Reads reset the time to live once less than this percentage of it is left: 1 to 100, 0 for the server's default,
   * -1 for never. Server 7.1 and newer.
   */
  readonly readTouchTtlPercent: number;
  /**
   * Whether nodes work on the rows of a batch that are in memory in the thread that reads it: fast, and meanwhile that thread
   * does nothing else. Otherwise rows go through a queue, for all threads.
   */
  readonly allowInline: boolean;
  /** The same for rows that are on a device. */
  readonly allowInlineSsd: boolean;
  /**
   * Whether requests of more than 128 bytes are compressed, and replies are asked for compressed: less on the network for
   * time of client and server. Enterprise Edition; with another server, or a runtime without zlib, commands fail with
   * `UNSUPPORTED_FEATURE`. Large messages hold up the event loop while they are compressed: about 8
   * ms for each megabyte.
   */
  readonly compress: boolean;
  /**
   * What servers say of errors besides their result code: `"none"`, a `"subCode"`, a `"message"` as well, or the
   * `"expressionTrace"` as well, which says where in an expression it happened. Asked for only when every node has server
   * 8.2 or newer, and no more than its `error-details-max-verbosity`.
   */
  readonly errorDetailVerbosity: ErrorDetailLevel;
}

/** A change to some settings; what is absent is inherited. */
export type SettingsPatch = Partial<Settings>;

const checks: { readonly [K in keyof Settings]: (value: unknown) => string | undefined } = {
  totalTimeout: milliseconds,
  socketTimeout: (value) => (value === "auto" ? undefined : milliseconds(value) && `${milliseconds(value)}, or "auto"`),
  maxRetries: (value) => integerWithin(value, 0, 1_000_000),
  retryDelay: milliseconds,
  sendKey: boolean,
  durableDelete: boolean,
  commitLevel: oneOf("all", "master"),
  replica: oneOf("master", "sequence", "preferRack", "random"),
  readModeAp: oneOf("one", "all"),
  readModeSc: oneOf("session", "linearize", "allowReplica", "allowUnavailable"),
  readTouchTtlPercent: (value) => integerWithin(value, -1, 100),
  allowInline: boolean,
  allowInlineSsd: boolean,
  compress: boolean,
  errorDetailVerbosity: oneOf("none", "subCode", "message", "expressionTrace"),
};

/** The names of all settings. */
export const SETTINGS: readonly (keyof Settings)[] = Object.keys(checks).filter(isSetting);

/** What a setting may be, in words, when it may not be this value; undefined when it may. */
export function refusalOf(setting: keyof Settings, value: unknown): string | undefined {
  return checks[setting](value);
}

/** Throws a TypeError for an unknown setting and a RangeError for a value outside what is allowed. */
export function checkPatch(where: string, patch: SettingsPatch): void {
  if (typeof patch !== "object" || patch === null) {
    throw new TypeError(`${where}: expected an object of settings, got ${describe(patch)}`);
  }
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const check = isSetting(name) ? checks[name] : undefined;
    if (check === undefined) {
      throw new TypeError(`${where}: there is no setting "${name}". ${alternatives(name, SETTINGS)}`);
    }
    const allowed = check(value);
    if (allowed !== undefined)
      throw new RangeError(`${where}: expected ${name} to be ${allowed}, got ${describe(value)}`);
  }
}

export function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(checks, name);
}

function milliseconds(value: unknown): string | undefined {
  return integerWithin(value, 0, 0x7fff_ffff);
}

function integerWithin(value: unknown, least: number, most: number): string | undefined {
  const good = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
  return good ? undefined : `a whole number from ${least} to ${most}`;
}

function boolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "true or false";
}

function oneOf(...words: string[]): (value: unknown) => string | undefined {
  return (value) => (words.some((word) => word === value) ? undefined : words.map((word) => `"${word}"`).join(" or "));
}
