import type { AelParam } from "../../../ael/params.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import type { PreparedAel } from "../../ael/prepared.js";
import type { AnyBins } from "../../data/bin-types.js";
import type { Exp } from "../../exp/exp.js";
import type { SessionContext } from "../../policy/session-context.js";
import { Txn } from "../../transactions/txn.js";
import { type ChainSoFar, executeChain, streamChain } from "../chain.js";
import { doublesOfKeys } from "../codec-of-keys.js";
import { DefaultFilter } from "../default-filter.js";
import type { KeyCommandOptions } from "../key-command-options.js";
import type { KeyVerbs } from "../key-verbs.js";
import type { OkResult, RecordResult } from "../record-result.js";
import type { RecordStream } from "../record-stream.js";
import type { Results } from "../row-types.js";
import type { Segment } from "../segment.js";
import { DefaultExpiry } from "./default-expiry.js";
import { defaultsOf, type SegmentTerms } from "./segment-builder.js";

/** The verbs go on with the chain; see key-verbs.ts, which gives them to this class. */
export interface KeyCommandBuilder<T, out B, out R extends Results> extends KeyVerbs<T, B, R> {}

/**
 * What commands on keys share. Methods return the builder itself, verbs (`query`, `upsert`, `delete`…) the builder of
 * the next segment of the chain; nothing is sent before `execute`, which sends the whole chain.
 *
 * @typeParam T the bins of the data sets of the chain's keys
 * @typeParam B the bins of the chain's rows
 * @typeParam R their results, see `operationResults`
 */
export abstract class KeyCommandBuilder<
  T = AnyBins,
  out B = unknown,
  out R extends Results = Results,
> extends DefaultExpiry {
  /** What the segment comes behind. @internal */
  protected readonly soFar: ChainSoFar<T>;
  /** What this builder fills: the newest segment of the chain. @internal */
  protected readonly segment: Segment<T>;
  /** The method that another builder went on with. @internal */
  protected continuedBy: string | undefined = undefined;

  /** @internal */
  constructor(soFar: ChainSoFar<T>, segment: Segment<T>) {
    super();
    this.soFar = soFar;
    this.segment = segment;
  }

  /** @internal */
  override get context(): SessionContext {
    return this.soFar.context;
  }

  /** @internal */
  override get terms(): SegmentTerms {
    return this.segment;
  }

  /** @internal */
  override get doubles(): ReadonlySet<string> | undefined {
    return doublesOfKeys(this.segment.verb.name, this.segment.keys);
  }

  /** @internal */
  override get call(): string {
    return this.segment.verb.call;
  }

  /** @internal */
  continueWith(verb: string): ChainSoFar<T> {
    this.leaveTo(verb);
    defaultsOf(this.segment);
    return { context: this.context, segment: this.segment, previous: this.soFar };
  }

  /**
   * Leaves this builder behind: another one has the whole chain from now on, and the types of all its rows.
   * @throws TypeError when that has happened before
   * @internal
   */
  protected leaveTo(method: string): void {
    if (this.continuedBy !== undefined) throw leftBehind(this.call, this.continuedBy);
    this.continuedBy = method;
  }

  /**
   * The condition of all segments of the chain that have no `where` of their own, whether they come before or behind.
   * @throws AelParseError with line, column and a caret when the text is wrong; TypeError when the chain has one already
   * @example session.query(users.id(1)).delete(users.id(2)).defaultWhere("$.active == false")
   */
  defaultWhere(ael: string, ...params: readonly AelParam[]): this;
  /** The condition of all segments of the chain that have none of their own. */
  defaultWhere(expression: Exp<"bool">): this;
  /** The condition of all segments of the chain that have none of their own. */
  defaultWhere(prepared: PreparedAel, ...params: readonly AelParam[]): this;
  defaultWhere(filter: string | Exp<"bool"> | PreparedAel, ...params: readonly AelParam[]): this {
    const defaults = defaultsOf(this.segment);
    if (defaults.where !== undefined) throw new TypeError("defaultWhere: the chain has one already");
    defaults.where = new DefaultFilter(filter, params, this.doubles);
    return this;
  }

  /**
   * Makes the whole chain part of a transaction, whichever session it was begun at.
   * @param txn `tx.txn` of a transaction that is open; `null` as {@link notInAnyTransaction}
   * @throws TypeError for anything else
   */
  withTxn(txn: Txn | null): this {
    if (txn !== null && !(txn instanceof Txn)) {
      throw new TypeError(`withTxn: expected the txn of a transaction, or null, got ${describe(txn)}`);
    }
    defaultsOf(this.segment).txn = txn;
    return this;
  }

  /**
   * Keeps the whole chain out of the transaction of its session, and its writes from becoming one by themselves: each of
   * its records is changed or not for itself.
   */
  notInAnyTransaction(): this {
    return this.withTxn(null);
  }

  /** Makes it a failure (FilteredOutError) when the condition leaves a record of this segment out. */
  failOnFilteredOut(): this {
    this.segment.failOnFilteredOut = true;
    return this;
  }

  /**
   * Sends the chain and resolves once every key has its reply. Rows come in the order of the segments and their keys,
   * and `index` counts through all of them. Many keys are sent as one batch message for each node, few as commands at
   * the same time. Where a record that one segment writes occurs again, what follows waits for what came before: every
   * record sees the chain in its order. Different records are changed each for itself, but for
   * transactions, which several writes to one strong-consistency namespace become by themselves: all happen or none.
   *
   * Rejects when a key failed: with its error when it is the only key of the chain, else with a BatchError that carries
   * every row. See `onError` for failures as rows. A missing record is no failure of `query`, `delete`, `touch` and
   * `exists`, and neither is one that `where` leaves out.
   * @throws AerospikeError; BatchError for several keys; AbortError when the signal fires; TypeError when there is nothing
   *   to do, an option does not exist, or another builder went on with the chain
   */
  execute(options: KeyCommandOptions<T> = {}): Promise<RecordStream<T, B, R>> {
    const { continuedBy } = this;
    if (continuedBy !== undefined) return Promise.reject(leftBehind(this.call, continuedBy));
    return executeChain<T, B, R>(this.soFar, this.segment, options);
  }

  /**
   * Sends the chain as `execute` does, and resolves at once: rows come as their replies do, in any order; `index` tells
   * which key each belongs to. The rules for rows and failures are those of `execute`: without `onError`, the loop throws
   * behind the last row what `execute` would reject with; `rows` of that BatchError are the failures alone, for the others
   * were handed out. A handler is called when the loop gets to its key. Rows are read ahead whether they are taken or not.
   *
   * Leaving the loop early, by `break`, `return` or an error, ends the rest of the chain: what was not sent is not sent, and
   * a write that was sent may have happened. After the signal and the end of the client the loop throws at once.
   * @throws TypeError when there is nothing to do, an option does not exist, or another builder went on with the chain
   * @example
   * for await (const row of await session.query(users.ids(1, 2, 3)).stream()) console.log(row.index, row.record?.bins);
   */
  stream(options: KeyCommandOptions<T> = {}): Promise<RecordStream<T, B, R>> {
    const { continuedBy } = this;
    if (continuedBy !== undefined) return Promise.reject(leftBehind(this.call, continuedBy));
    return streamChain<T, B, R>(this.soFar, this.segment, options);
  }

  /**
   * Sends the chain as `execute` does, and returns the first row, or `null` when there is none.
   * @throws what `execute` throws
   */
  async first(options: KeyCommandOptions<T> = {}): Promise<RecordResult<T, B, R> | null> {
    return (await this.execute(options)).first();
  }

  /**
   * Sends the chain as `execute` does, and returns the first row.
   * @throws what `execute` throws; AerospikeError when the row is not OK, FilteredOutError for a write that `where` left
   *   out, say; RecordNotFoundError when there is none
   * @example
   * const row = await session.query(users.id(1)).bins("name").firstOrThrow();
   * console.log(row.recordOrThrow().bins.name);
   */
  async firstOrThrow(options: KeyCommandOptions<T> = {}): Promise<OkResult<T, B, R>> {
    return (await this.execute(options)).firstOrThrow();
  }
}

/** A builder that was left behind would send less than the chain, or have rows of other types. */
function leftBehind(call: string, continuedBy: string): TypeError {
  return new TypeError(`${call}(…): the chain went on with ${continuedBy}(); use the builder that it returned`);
}
