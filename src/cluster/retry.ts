import { ResultCode } from "../../protocol/result-code.js";
import {
  type AerospikeError,
  ConnectionError,
  InvalidNodeError,
  MaxErrorRateError,
  SerializationError,
  TimeoutError,
} from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import type { CommandSettings } from "./options.js";

/** How an attempt ended without a result. */
export type Failure =
  /** The client's limit for the attempt ran out. */
  | "timeout"
  /** The server's did. */
  | "serverTimeout"
  /** The server can't do it just now. */
  | "unavailable"
  /** The connection broke, or did not come about. */
  | "lost"
  /** Nothing was sent: no active node has the partition. */
  | "noNode"
  /** Nothing was sent: the node had too many errors. */
  | "breakerOpen"
  /** The server will not do it. */
  | "refused"
  /** The reply is not what the protocol allows. */
  | "badReply"
  /** Nothing was sent: the node has left the cluster. */
  | "nodeLeft"
  /** The limit of the whole operation ran out. */
  | "expired"
  /** The same, while the reply was coming: the node works, only not fast enough. */
  | "outlasted"
  /** The caller's signal fired. */
  | "aborted"
  /** The client was closed. */
  | "closed";

interface Rule {
  /** Whether another attempt may do better. */
  readonly retries: boolean;
  /**
   * Who goes on to the next replica: `"reads"` where the node that was asked may be slow rather than gone, for a write
   * that is on its way there could happen on two nodes.
   */
  readonly nextReplica: "all" | "reads" | "none";
  /** Least pause before another attempt on the same node; undefined for none at all, as enough time has passed. */
  readonly leastPauseMs: number | undefined;
  /** Whether the node's circuit breaker counts it. Sockets that break, it counts by itself. */
  readonly isNodesFault: boolean;
  /** Whether a write that was sent may have happened. */
  readonly leavesDoubt: boolean;
}

/** There is nothing new to find before. */
const UNSENT_PAUSE_MS = 50;

const final = { retries: false, nextReplica: "none", leastPauseMs: 0, isNodesFault: false, leavesDoubt: true } as const;

const rules: { readonly [F in Failure]: Rule } = {
  timeout: { retries: true, nextReplica: "reads", leastPauseMs: undefined, isNodesFault: true, leavesDoubt: true },
  serverTimeout: { retries: true, nextReplica: "reads", leastPauseMs: 0, isNodesFault: true, leavesDoubt: true },
  unavailable: { retries: true, nextReplica: "all", leastPauseMs: 0, isNodesFault: true, leavesDoubt: false },
  lost: { retries: true, nextReplica: "all", leastPauseMs: 0, isNodesFault: false, leavesDoubt: true },
  noNode: {
    retries: true,
    nextReplica: "none",
    leastPauseMs: UNSENT_PAUSE_MS,
    isNodesFault: false,
    leavesDoubt: false,
  },
  breakerOpen: {
    retries: true,
    nextReplica: "reads",
    leastPauseMs: UNSENT_PAUSE_MS,
    isNodesFault: false,
    leavesDoubt: false,
  },
  refused: { ...final, leavesDoubt: false },
  badReply: final,
  nodeLeft: { ...final, leavesDoubt: false },
  expired: { ...final, isNodesFault: true },
  outlasted: final,
  aborted: final,
  closed: final,
};

/** What a server's refusal means for the attempt. */
export function failureOfResult(resultCode: number): Failure {
  switch (resultCode) {
    case ResultCode.TIMEOUT:
      return "serverTimeout";
    case ResultCode.DEVICE_OVERLOAD:
    case ResultCode.PARTITION_UNAVAILABLE:
      return "unavailable";
    default:
      return "refused";
  }
}

/** What the error of a stream means for the parts of it that have no answer. */
export function failureOfError(error: AerospikeError, deadline: Deadline): Failure {
  if (error instanceof TimeoutError) return deadline.isOver ? "expired" : "timeout";
  if (error instanceof MaxErrorRateError) return "breakerOpen";
  if (error instanceof InvalidNodeError) return "noNode";
  if (error instanceof ConnectionError) return error.code === "CLIENT_CLOSED" ? "closed" : "lost";
  if (error instanceof SerializationError) return "badReply";
  return failureOfResult(error.resultCode);
}

/** What is known of an operation when an attempt has failed. */
export interface AttemptState {
  /** Attempts so far, the failed one included, and how many more there may be. */
  readonly attempts: number;
  readonly attemptsLeft: number;
  readonly isWrite: boolean;
  /** Whether a write that may have happened can be sent again. */
  readonly isRepeatable: boolean;
  /** Whether the request of the failed attempt was handed to the network. */
  readonly wasSent: boolean;
  /** Whether an attempt before it left the write in doubt, which only one that can be sent again has. */
  readonly wasInDoubt: boolean;
  /** Whether it is for one certain node, whoever owns what. */
  readonly isPinned: boolean;
  /** Of the whole operation. */
  readonly remainingMs: number;
}

/** What follows from a failed attempt. */
export interface RetryDecision {
  /** When to try again, and whether on the next replica; undefined when the operation has failed. */
  readonly retry: { readonly pauseMs: number; readonly nextReplica: boolean } | undefined;
  /** Whether a write may have happened although it failed. */
  readonly inDoubt: boolean;
  /** Whether the node's circuit breaker counts it. */
  readonly countsAgainstNode: boolean;
}

/**
 * What follows from a failed attempt: for commands, streams and info requests alike.
 *
 * A write is in doubt when its request was sent and no reply says what became of it. It is not tried again then, for it
 * could happen twice; so a write that is tried again has had nothing but refusals, and only its last attempt can be in
 * doubt. The exception are writes that come to the same however often they happen, such as the steps that end a
 * transaction: they are tried again, and once in doubt they stay so.
 */
export function decideRetry(failure: Failure, settings: CommandSettings, state: AttemptState): RetryDecision {
  const rule = rules[failure];
  const inDoubt = state.wasInDoubt || (state.isWrite && state.wasSent && rule.leavesDoubt);
  const mayRetry = rule.retries && state.attemptsLeft > 0 && (!inDoubt || state.isRepeatable);
  return {
    retry: mayRetry ? planRetry(rule, settings, state) : undefined,
    inDoubt,
    countsAgainstNode: rule.isNodesFault && (state.wasSent || failure === "unavailable"),
  };
}

function planRetry(
  rule: Rule,
  { replica, linearize, retryDelayMs }: CommandSettings,
  { attempts, isWrite, isPinned, remainingMs }: AttemptState,
): RetryDecision["retry"] {
  const moves = rule.nextReplica === "all" || (rule.nextReplica === "reads" && !isWrite && linearize !== true);
  const nextReplica = moves && !isPinned && replica !== "master";
  let pauseMs = 0;
  // Another replica can be asked at once, the first time.
  if (rule.leastPauseMs !== undefined && !(nextReplica && attempts === 1)) {
    pauseMs = nextReplica ? retryDelayMs : Math.max(rule.leastPauseMs, retryDelayMs);
  }
  return remainingMs > pauseMs ? { pauseMs, nextReplica } : undefined;
}
