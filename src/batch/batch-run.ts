import { BatchCommand, type BatchOptions, BatchTooLarge } from "../../protocol/command/batch.js";
import type { BatchRow } from "../../protocol/command/batch-row.js";
import { SingleCommand } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordReply } from "../../protocol/command/record-reply.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ResultError } from "../../protocol/result-error.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import type { ClusterNode } from "../cluster/node.js";
import { decideRetry, type Failure, failureOfError, failureOfResult, type RetryDecision } from "../cluster/retry.js";
import type { RouteState } from "../cluster/router.js";
import { andOne } from "../errors/earlier-errors.js";
import { describeContext, type ErrorContext, errorOfResult } from "../errors/error-of-result.js";
import { AbortError, AerospikeError, InvalidNodeError } from "../errors/errors.js";
import type { BatchItem, OnItem } from "../policy/command-carrier.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import type { Deadline } from "../time/deadline.js";
import { Turns } from "../time/turns.js";
import { RunCutter } from "./run-cutter.js";

/** Rows of one message at most: what a node works on at once, and what is encoded before it leaves. */
const MAX_ROWS = 2_000;
/**
 * Fewer rows go as commands, which share sockets and their reads and writes with others; a batch has a socket to itself
 * until its reply has come. From about here on a batch is cheaper for both sides.
 */
const MIN_ROWS = 8;
/** Messages to a node under way at once: enough for it never to wait, few enough to keep memory bounded. */
const MESSAGES_A_NODE = 4;
/** Before a message is sent again to a node whose buffers for the replies to batches are all in use. */
const QUEUES_FULL_PAUSE_MS = 50;

/**
 * Carries out operations on many records, those on one record in the order of the items: each node gets its rows in few
 * messages, at the same time as the others, or commands where it has few rows. Every row has an answer of its own. Only
 * rows that need it are sent again, to another replica where they read; a write that may have happened never is, and its
 * error says so.
 *
 * @throws AbortError, or the client's end, in doubt when a write may have happened until then; TypeError or RangeError for
 *   what can't be sent
 */
export async function runBatch(
  cluster: ClusterCore,
  items: readonly BatchItem[],
  deadline: Deadline,
  onItem: OnItem,
): Promise<void> {
  let mayHaveWritten = false;
  const onRow: OnRow = ({ index, operation }, answer) => {
    cluster.meter.rows++;
    if (answer instanceof AerospikeError) cluster.meter.countRowError(answer);
    mayHaveWritten ||= operation.isWrite && (!(answer instanceof AerospikeError) || answer.inDoubt);
    onItem(index, answer);
  };
  const onEnd = (error: AerospikeError): void => {
    mayHaveWritten ||= error.inDoubt;
  };
  const batch = new BatchRun(cluster, deadline, onRow, onEnd);
  try {
    const cutter = new RunCutter(items);
    let run: Row[] = [];
    for (const [index, item] of items.entries()) {
      const turn = batch.turns.take(1);
      if (turn !== undefined) await turn;
      if (cutter.beginsRun(item)) {
        await batch.send(run);
        run = [];
      }
      run.push(new Row(item, index));
    }
    await batch.send(run);
  } catch (error) {
    batch.stop();
    throw mayHaveWritten && error instanceof AerospikeError ? error.with({ inDoubt: true }) : error;
  }
}

/** One row on its way. */
class Row implements BatchRow, RouteState {
  readonly index: number;
  readonly key: RecordKey;
  readonly operation: RecordOperation;
  readonly policy: CommandPolicy;
  sequence = 0;
  node: ClusterNode | undefined = undefined;
  attempts = 0;
  /** Whether an attempt left it in doubt. */
  inDoubt = false;
  /** What its attempts so far failed with. */
  earlierErrors: readonly AerospikeError[] | undefined = undefined;

  constructor({ key, operation, policy }: BatchItem, index: number) {
    this.index = index;
    this.key = key;
    this.operation = operation;
    this.policy = policy;
  }
}

/** Rows to be sent again, and when. */
class Retries {
  readonly rows: Row[] = [];
  readonly #runtime: Runtime;
  /** The end of the longest pause. Each begins with the failure of its row, when it is known to end in time. */
  #resumeAt = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  get pauseMs(): number {
    return this.#resumeAt - this.#runtime.now();
  }

  /** @param error what the attempt failed with */
  add(row: Row, { pauseMs, nextReplica }: NonNullable<RetryDecision["retry"]>, error: AerospikeError): void {
    row.earlierErrors = andOne(row.earlierErrors, error);
    if (nextReplica) row.sequence++;
    this.#plan(row, pauseMs);
  }

  /** A row of which the node has not begun anything: it was no attempt. */
  addUnbegun(row: Row, pauseMs: number): void {
    row.attempts--;
    this.#plan(row, pauseMs);
  }

  #plan(row: Row, pauseMs: number): void {
    if (pauseMs > 0) this.#resumeAt = Math.max(this.#resumeAt, this.#runtime.now() + pauseMs);
    this.rows.push(row);
  }
}

type OnRow = (row: Row, answer: RecordReply | AerospikeError) => void;

class BatchRun {
  readonly turns: Turns;
  readonly #cluster: ClusterCore;
  readonly #deadline: Deadline;
  readonly #onRow: OnRow;
  readonly #onEnd: (error: AerospikeError) => void;
  #maxRows = MAX_ROWS;
  #isStopped = false;

  /** @param onEnd called with what ends the whole, by each part of it that is under way */
  constructor(cluster: ClusterCore, deadline: Deadline, onRow: OnRow, onEnd: (error: AerospikeError) => void) {
    this.turns = new Turns(cluster.runtime);
    this.#cluster = cluster;
    this.#deadline = deadline;
    this.#onRow = onRow;
    this.#onEnd = onEnd;
  }

  /** Sends rows, and again those that need it. Resolves once each has its answer. */
  async send(rows: readonly Row[]): Promise<void> {
    const byNode = new Map<ClusterNode, Row[]>();
    const retries = new Retries(this.#cluster.runtime);
    for (const row of rows) {
      const turn = this.turns.take(1);
      if (turn !== undefined) await turn;
      const { key, operation, policy } = row;
      row.attempts++;
      const node = this.#cluster.chooseNode(key.namespace, key.partition, policy.replica, operation.isWrite, row);
      row.node = node;
      if (node === undefined) this.#onNoNode(row, retries);
      else if (!byNode.get(node)?.push(row)) byNode.set(node, [row]);
    }
    await Promise.all([...[...byNode].map(([node, own]) => this.#sendTo(node, own)), this.#retry(retries)]);
  }

  /** Sends nothing more; what is under way ends by itself. */
  stop(): void {
    this.#isStopped = true;
  }

  async #sendTo(node: ClusterNode, rows: readonly Row[]): Promise<void> {
    if (rows.length < MIN_ROWS && rows.every(({ attempts }) => attempts === 1)) {
      await Promise.all(rows.map((row) => this.#sendAlone(row)));
      return;
    }
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < rows.length && !this.#isStopped) {
        const start = next;
        next += this.#maxRows;
        const message = rows.slice(start, next);
        // Also because messages may fail one after the other without a wait: when time is over, or the node is gone.
        const turn = this.turns.take(message.length);
        if (turn !== undefined) await turn;
        await this.#ask(node, message);
      }
    };
    await Promise.all(Array.from({ length: Math.min(MESSAGES_A_NODE, Math.ceil(rows.length / this.#maxRows)) }, work));
  }

  /** A command of its own finds its node itself, and has its own further attempts. */
  async #sendAlone(row: Row): Promise<void> {
    const { key, operation, policy } = row;
    const command = new SingleCommand(key, operation, (reply) => reply);
    const answer = this.#cluster.execute(command, policy, this.#deadline);
    this.#onRow(row, await answer.catch((error) => this.#errorOfRows(error)));
  }

  /** Sends one message. */
  async #ask(node: ClusterNode, rows: readonly Row[]): Promise<void> {
    const retries = new Retries(this.#cluster.runtime);
    const forbidden: { readonly row: Row; readonly refusal: ResultError }[] = [];
    const onRow = (row: Row, reply: RecordReply | ResultError): void => {
      if (!(reply instanceof ResultError)) this.#onRow(row, reply);
      else if (reply.resultCode === ResultCode.FORBIDDEN && row.operation.isWrite) {
        forbidden.push({ row, refusal: reply });
      } else this.#onRefused(row, reply, retries);
    };
    const command = new BatchCommand(rows, onRow, inlineOf(rows));
    try {
      await this.#cluster.stream(node, command, settingsOf(rows), this.#deadline);
    } catch (thrown) {
      const pauseMs = this.#pauseBeforeLess(thrown, rows.length);
      if (pauseMs !== undefined) for (const row of command.unanswered) retries.addUnbegun(row, pauseMs);
      else {
        const error = this.#errorOfRows(thrown);
        for (const row of command.unanswered) this.#onUnanswered(row, error, retries);
      }
    }
    await Promise.all([
      ...forbidden.map(({ row, refusal }) => this.#onForbidden(node, row, refusal, retries)),
      this.#retry(retries),
    ]);
  }

  /**
   * When to send rows again that failed only because they are too much at once; undefined when it is for another reason.
   * That they come together is not the caller's doing, so it costs none of their attempts.
   */
  #pauseBeforeLess(error: unknown, rows: number): number | undefined {
    const code = error instanceof AerospikeError ? error.code : undefined;
    if (error instanceof BatchTooLarge || (code === "BATCH_MAX_REQUESTS" && rows > 1)) {
      this.#maxRows = Math.min(this.#maxRows, Math.ceil(rows / 2));
      return 0;
    }
    const canWait = code === "BATCH_QUEUES_FULL" && this.#deadline.remainingMs > QUEUES_FULL_PAUSE_MS;
    return canWait ? QUEUES_FULL_PAUSE_MS : undefined;
  }

  async #retry(retries: Retries): Promise<void> {
    const { rows } = retries;
    if (rows.length === 0) return;
    this.#cluster.meter.rowRetries += rows.length;
    const { pauseMs } = retries;
    if (pauseMs > 0) await this.#deadline.sleep(pauseMs);
    if (!this.#isStopped) await this.send(rows);
  }

  #onNoNode(row: Row, retries: Retries): void {
    try {
      this.#cluster.checkNamespace(row.key.namespace);
    } catch (error) {
      this.#onRow(row, this.#errorOfRows(error).with({ key: row.key }));
      return;
    }
    const { retry } = this.#decide("noNode", row, false);
    const context = contextOf(row);
    const { partition } = row.key;
    const message = `No node serves partition ${partition}${this.#cluster.unreached()} (${describeContext(context)})`;
    const error = new InvalidNodeError(message, context);
    if (retry === undefined) this.#onRow(row, error);
    else retries.add(row, retry, error);
  }

  /** Servers forbid writes for a dozen causes and tell none of them. */
  async #onForbidden(node: ClusterNode, row: Row, refusal: ResultError, retries: Retries): Promise<void> {
    const { namespace, setName } = row.key;
    const why = await this.#cluster.whyForbidden(node, { namespace, setName, ttl: row.operation.recordTtl });
    this.#onRefused(row, new ResultError(ResultCode.FORBIDDEN, why, refusal.details), retries);
  }

  #onRefused(row: Row, refusal: ResultError, retries: Retries): void {
    const failure = failureOfResult(refusal.resultCode);
    const { retry, inDoubt, countsAgainstNode } = this.#decide(failure, row, true);
    if (countsAgainstNode) row.node?.breaker.countError();
    const { operation } = row;
    const error = errorOfResult(refusal, { ...contextOf(row), operation: operation.name, node: row.node?.id, inDoubt });
    if (retry === undefined) this.#onRow(row, error);
    else retries.add(row, retry, error);
  }

  /** @param error what ended the message; in doubt when a write of it may have happened */
  #onUnanswered(row: Row, error: AerospikeError, retries: Retries): void {
    const { retry, inDoubt } = this.#decide(failureOfError(error, this.#deadline), row, error.inDoubt);
    const { key, attempts, earlierErrors } = row;
    if (retry === undefined) this.#onRow(row, error.with({ key, inDoubt, attempts, earlierErrors }));
    else retries.add(row, retry, error);
  }

  #decide(failure: Failure, row: Row, wasSent: boolean): RetryDecision {
    const { operation, policy, attempts } = row;
    const decision = decideRetry(failure, policy, {
      attempts,
      attemptsLeft: policy.maxRetries + 1 - attempts,
      isWrite: operation.isWrite,
      isRepeatable: operation.isRepeatable,
      wasSent,
      wasInDoubt: row.inDoubt,
      isPinned: false,
      remainingMs: this.#deadline.remainingMs,
    });
    row.inDoubt = decision.inDoubt;
    return decision;
  }

  /** @throws what ends the whole: the caller's signal, the end of the client, arguments that can't be sent */
  #errorOfRows(error: unknown): AerospikeError {
    if (!(error instanceof AerospikeError)) throw error;
    if (!(error instanceof AbortError) && error.code !== "CLIENT_CLOSED") return error;
    this.#onEnd(error);
    throw error;
  }
}

function contextOf({ key, operation, attempts, earlierErrors }: Row): ErrorContext {
  const { namespace, setName } = key;
  return { operation: operation.name, namespace, setName, attempts, key, earlierErrors };
}

/** How a message is carried out: as patient as the least patient of its rows. */
function settingsOf(rows: readonly Row[]): CommandPolicy {
  let chosen = rows[0]!.policy;
  for (const { policy } of rows) {
    if (
      policy.socketTimeoutMs > 0 &&
      !(chosen.socketTimeoutMs > 0 && chosen.socketTimeoutMs <= policy.socketTimeoutMs)
    ) {
      chosen = policy;
    }
  }
  return chosen;
}

/** Nodes work on a message as all of its rows allow. */
function inlineOf(rows: readonly Row[]): BatchOptions {
  return {
    inline: rows.every(({ policy }) => policy.batch.inline),
    inlineSsd: rows.every(({ policy }) => policy.batch.inlineSsd),
  };
}
