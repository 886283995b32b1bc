import { checkNamespace } from "../../protocol/check/check-names.js";
import { SingleCommand } from "../../protocol/command/record-command.js";
import { type RecordOperation, read, write } from "../../protocol/command/record-operation.js";
import type { RecordReply } from "../../protocol/command/record-reply.js";
import type { UdfModule } from "../../protocol/info/udf-info.js";
import type { UserKey } from "../../protocol/key/record-key.js";
import { ResultCode } from "../../protocol/result-code.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { CreateIndexOptions } from "../admin/create-index.js";
import { IndexBuilder } from "../admin/index-builder.js";
import type { DropIndexTask, IndexTask } from "../admin/index-task.js";
import { type IndexInfo, InfoCommands } from "../admin/info-commands.js";
import { SecurityCommands } from "../admin/security-commands.js";
import type { TruncateOptions } from "../admin/truncate.js";
import type { RegisterTask, UdfRemoveTask } from "../admin/udf-task.js";
import type { XdrFilter } from "../admin/xdr-filter.js";
import { BackgroundTaskSession } from "../background/background-task-session.js";
import { campaignFloor } from "../campaign/floor.js";
import type { BinName, BinsInput } from "../data/bin-types.js";
import { checkKey, checkKeys } from "../data/check-keys.js";
import { DataSet } from "../data/data-set.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import type { Key } from "../data/key.js";
import { Behavior } from "../policy/behavior.js";
import { type CallOptions, checkCallOptions } from "../policy/call-options.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import { contextOfCall, type SessionContext } from "../policy/session-context.js";
import { KeyQueryBuilder } from "../records/builders/key-query-builder.js";
import type { ChainSoFar } from "../records/chain.js";
import { decodedRecord } from "../records/decoded.js";
import { type GetOptions, getOptionsOf } from "../records/get-options.js";
import { KeyVerbs } from "../records/key-verbs.js";
import type { UpsertRowsOptions } from "../records/many.js";
import { DataSetQueryBuilder } from "../records/queries/data-set-query-builder.js";
import type { Record } from "../records/record.js";
import { recordOfReply } from "../records/record-of-reply.js";
import { newSegment } from "../records/segment.js";
import { QUERY } from "../records/verbs.js";
import { binsOf, storedBins } from "../records/written-bins.js";
import { loadOnce } from "../time/load-once.js";
import type { DoInTransactionOptions } from "../transactions/attempts.js";
import type { EndOptions } from "../transactions/commit.js";
import type { TransactionOptions, Txn } from "../transactions/txn.js";
import type { TxnStatus } from "../transactions/txn-status.js";

/** Bins of a record that does not exist are as good as removed. */
const PUT = { name: "put", accepts: [ResultCode.KEY_NOT_FOUND] };
/** A record that has lost its last bin is deleted. */
const PUT_DURABLY = { ...PUT, durableDelete: true };
const nothing = (): void => undefined;

const loadMany = loadOnce(() => import("../records/many.js"));

/** Begins a transaction for the commands of a session. */
export type BeginTransaction = (outside: SessionContext, options: TransactionOptions) => TransactionalSession;

/**
 * A session whose commands on keys are part of a transaction: the others see nothing of its writes before it is committed,
 * and all of them at once then. From `session.transaction()`; leaving its block without `commit` aborts it.
 *
 * It is about records of one strong-consistency namespace (Enterprise Edition, server 8.0 and newer). Records that it has
 * written are locked until its end: to other writes, and to reads of other transactions.
 *
 * @example
 * await using tx = session.transaction();
 * const { bins } = await tx.get(accounts.id("a"), ["balance"]);
 * await tx.update(accounts.id("a")).bin("balance").setTo(bins.balance - 10).execute();
 * await tx.update(accounts.id("b")).bin("balance").add(10).execute();
 * await tx.commit();
 */
export interface TransactionalSession extends Session, AsyncDisposable {
  /** The transaction. */
  readonly txn: Txn;
  /** Whether it takes commands: until `commit` or `abort`. */
  readonly active: boolean;
  /**
   * Commits the transaction: checks that what it has read is still so, and makes what it has written the state of the
   * records. Commands that are under way are waited for, and new ones refused. The settings of both steps are the
   * behavior's `systemTxnVerify` and `systemTxnRoll`.
   * @returns `"committed"`, `"alreadyCommitted"`, or `"rollForwardCloseAbandoned"`, which is committed as well
   * @throws CommitError, which says what has become of the transaction and what can be done; TransactionError with code
   *   `"TXN_ALREADY_ABORTED"`; AbortError when the signal fires before anything is decided
   */
  commit(options?: EndOptions): Promise<TxnStatus>;
  /**
   * Takes back what the transaction has written. What can't be reached the server takes back, when the time of the
   * transaction is over.
   * @returns `"aborted"`, `"alreadyAborted"`, `"rollBackAbandoned"` or `"rollBackCloseAbandoned"`
   * @throws TransactionError with code `"TXN_ALREADY_COMMITTED"`, or in doubt when it may be committed
   */
  abort(options?: EndOptions): Promise<TxnStatus>;
  /** As {@link abort}, unless the transaction is over, or may be committed: for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Where commands start: a client and a {@link Behavior}. Sessions cost nothing and have nothing to close; make as many
 * as there are behaviors.
 *
 * @example
 * const session = cluster.createSession();
 * await session.put(users.id(1), { name: "Ada", age: 36 });
 */
export class Session extends KeyVerbs<never, never, never> {
  readonly #context: SessionContext;
  #background: BackgroundTaskSession | undefined;
  readonly #beginning: ChainSoFar<never>;
  /** The read of all bins that was made last: most are the same. */
  #latestReadAll: { readonly policy: CommandPolicy; readonly operation: RecordOperation } | undefined = undefined;
  readonly #toRecord: <T>(reply: RecordReply, key: Key<T>) => Record<T>;

  readonly #begin: BeginTransaction;

  /** @internal Made by `cluster.createSession`. */
  constructor(context: SessionContext, begin: BeginTransaction) {
    super();
    this.#context = context;
    this.#begin = begin;
    this.#beginning = { context, segment: undefined, previous: undefined };
    this.#toRecord = (reply, key) => recordOfReply(reply, key, context.cluster.runtime);
  }

  /** @internal */
  override continueWith(_method: string): ChainSoFar<never> {
    return this.#beginning;
  }

  /** How commands of this session are carried out. */
  get behavior(): Behavior {
    return this.#context.behavior;
  }

  /**
   * A session of the same cluster that carries commands out as another behavior says.
   * @throws TypeError for anything but a Behavior; TransactionError at a session that is in a transaction, for the other
   *   one would be outside of it
   * @example const { bins } = await session.sessionFor(Behavior.READ_FAST).get(users.id(1));
   */
  sessionFor(behavior: Behavior): Session {
    if (!(behavior instanceof Behavior)) {
      throw new TypeError(`sessionFor: expected a Behavior, got ${describe(behavior)}`);
    }
    this.#context.transaction?.refuse("sessionFor()");
    return new Session(this.#context.withBehavior(behavior), this.#begin);
  }

  /**
   * Reads one record: all bins, or the named ones.
   * @param bins names, or options with the names among them
   * @throws RecordNotFoundError when there is none; SchemaError when it is not what the data set's schemas allow; TypeError for a list of bins without a name, for an option that does
   *   not exist, and for bins that are no list
   * @example const { bins } = await session.get(users.id(1), ["name"]);
   * @example const { bins } = await session.get(users.id(1), { bins: ["name"], signal });
   */
  get<T>(key: Key<T>, bins?: undefined, options?: CallOptions): Promise<Record<T>>;
  get<T, N extends BinName<T>>(key: Key<T>, bins: readonly N[], options?: CallOptions): Promise<Record<T, Pick<T, N>>>;
  get<T, N extends BinName<T>>(
    key: Key<T>,
    options: GetOptions<N> & { readonly bins: readonly N[] },
  ): Promise<Record<T, Pick<T, N>>>;
  get<T>(key: Key<T>, options: CallOptions & { readonly bins?: undefined }): Promise<Record<T>>;
  get<T>(
    key: Key<T>,
    binsOrOptions?: readonly string[] | GetOptions<string>,
    options?: CallOptions,
  ): Promise<Record<T>> {
    const { cluster, transaction } = this.#context;
    try {
      checkKey("get", key);
      const all = getOptionsOf(binsOrOptions, options);
      const { bins, signal } = all;
      const policy = contextOfCall(this.#context, all).policy("read", "point", key.namespace);
      const operation = bins === undefined ? this.#readAll(policy) : read(bins, policy);
      const command = new SingleCommand(key, operation, this.#toRecord);
      const deadline = cluster.deadline(policy.totalTimeoutMs, signal);
      const record =
        transaction === undefined
          ? cluster.execute(command, policy, deadline)
          : transaction.execute(command, policy, deadline);
      return key.codec === undefined ? record : whenDecoded(record, bins);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Writes bins of one record, which is created if it does not exist. Bins that are not named stay; `null` removes one.
   * For conditions, times to live and operations on bins there is {@link Session.upsert}.
   * @throws TypeError naming bin and path of what can't be stored, when there is no bin, or for an option that does not
   *   exist; SchemaError for what the data set's schemas do not allow
   * @example await session.put(users.id(1), { name: "Ada", age: 36 });
   */
  put<T>(key: Key<T>, bins: BinsInput<T>, options?: CallOptions): Promise<void> {
    let context = this.#context;
    const { cluster } = context;
    try {
      checkKey("put", key);
      if (options !== undefined) {
        checkCallOptions("put", options);
        context = contextOfCall(context, options);
      }
      const policy = context.policy("writeNonRetryable", "point", key.namespace);
      const { codec } = key;
      const stored = codec === undefined ? binsOf("put", bins) : storedBins("put", bins, { codec, key });
      const isDurable = policy.durableDeletes && Object.values(stored).includes(null);
      const command = new SingleCommand(key, write(stored, policy, isDurable ? PUT_DURABLY : PUT), nothing);
      const deadline = cluster.deadline(policy.totalTimeoutMs, options?.signal);
      return context.transaction === undefined
        ? cluster.execute(command, policy, deadline)
        : context.transaction.execute(command, policy, deadline);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Reads several records at once, one message for each node: all bins, or the named ones. Records come by position,
   * `null` where there is none; no keys, no records.
   * @throws BatchError, with all rows, when a key failed; TypeError for something else than keys, for an option that does
   *   not exist, and for a list of bins without a name
   * @example const [ada, bob] = await session.getMany(users.ids(1, 2), { bins: ["name"], signal });
   */
  getMany<T, N extends BinName<T>>(
    keys: readonly Key<T>[],
    options: GetOptions<N> & { readonly bins: readonly N[] },
  ): Promise<(Record<T, Pick<T, N>> | null)[]>;
  getMany<T>(
    keys: readonly Key<T>[],
    options?: CallOptions & { readonly bins?: undefined },
  ): Promise<(Record<T> | null)[]>;
  async getMany<T>(keys: readonly Key<T>[], options: GetOptions = {}): Promise<(Record<T> | null)[]> {
    const own = copyOf(keys);
    const { getMany } = await loadMany();
    return getMany(this.#context, own, options);
  }

  /**
   * Writes bins of several records at once, each as {@link Session.put} does, one message for each node. Where a key
   * occurs again, its later bins are written after the earlier ones. The bins may not be changed until the promise has
   * settled: of many thousands they are read and sent in slices, so that the program goes on meanwhile.
   * @throws BatchError, with all rows, when a key failed: the others are written, or in a strong-consistency namespace none
   *   (see {@link Session.transaction}); TypeError naming the entry of what can't be stored, before anything is sent
   * @example
   * await session.putMany([
   *   [users.id(1), { name: "Ada", age: 36 }],
   *   [users.id(2), { name: "Bob", age: 41 }],
   * ]);
   */
  async putMany<T>(entries: readonly (readonly [Key<T>, BinsInput<T>])[], options: CallOptions = {}): Promise<void> {
    const own = copyOf(entries);
    const { putMany } = await loadMany();
    return putMany(this.#context, own, options);
  }

  /**
   * Writes an object for each record, as {@link Session.putMany} does: objects and what is in them may not be changed
   * until the promise has settled.
   * @param options.id where the user keys are: the name of a property, which is the key and no bin, or a function of the
   *   object, all of whose properties are bins
   * @throws as putMany
   * @example await session.upsertRows(users, [{ id: 1, name: "Ada", age: 36 }, { id: 2, name: "Bob", age: 41 }], { id: "id" });
   */
  upsertRows<T, K extends string>(
    dataSet: DataSet<T>,
    objects: readonly (BinsInput<Omit<T, K>> & { readonly [P in K]: UserKey })[],
    options: UpsertRowsOptions<never> & { readonly id: K },
  ): Promise<void>;
  upsertRows<T, O extends BinsInput<T>>(
    dataSet: DataSet<T>,
    objects: readonly O[],
    options: UpsertRowsOptions<O> & { readonly id: (object: O) => UserKey },
  ): Promise<void>;
  async upsertRows<T>(
    dataSet: DataSet<T>,
    objects: readonly object[],
    options: UpsertRowsOptions<never>,
  ): Promise<void> {
    const own = copyOf(objects);
    const { upsertRows } = await loadMany();
    return upsertRows(this.#context, dataSet, own, options);
  }

  /**
   * Reads the records of a set, or with `DataSet.ofNamespace` of a whole namespace, as a stream.
   * @throws TypeError for anything but a DataSet or keys
   * @example
   * for await (const { bins } of await session.query(users).where("$.age > ?0", 30).execute()) console.log(bins.name);
   */
  override query<T>(dataSet: DataSet<T>): DataSetQueryBuilder<T>;
  /**
   * Reads records by their keys: all bins, some (`bins`), none (`withNoBins`), or what operations return (`bin`).
   * @example
   * const stream = await session.query(users.ids(1, 2, 3)).bins("name").execute();
   */
  override query<T>(keys: readonly Key<T>[]): KeyQueryBuilder<T>;
  override query<T>(key: Key<T>, ...keys: readonly Key<T>[]): KeyQueryBuilder<T>;
  override query<T>(
    first: DataSet<T> | Key<T> | readonly Key<T>[],
    ...keys: readonly Key<T>[]
  ): DataSetQueryBuilder<T> | KeyQueryBuilder<T> {
    if (!(first instanceof DataSet)) {
      return new KeyQueryBuilder<T>(this.#beginning, newSegment(QUERY, checkKeys("query", [first, ...keys])));
    }
    if (keys.length > 0) throw new TypeError("query: a DataSet stands alone; one query reads one set, or keys");
    this.#context.transaction?.refuse("query(dataSet)");
    return new DataSetQueryBuilder<T>(this.#context, first);
  }

  /** Work on many records that the servers do by themselves. */
  backgroundTask(): BackgroundTaskSession {
    this.#context.transaction?.refuse("backgroundTask()");
    this.#background ??= new BackgroundTaskSession(this.#context, campaignFloor);
    return this.#background;
  }

  /** The transaction that its commands are part of; `undefined` outside of one. */
  get currentTransaction(): Txn | undefined {
    return undefined;
  }

  /**
   * Begins a transaction: a session like this one, whose commands on keys are part of it. Nothing is sent for it before its
   * first command. Declare it with `await using`, and leaving the block without `commit` aborts it.
   * @throws TypeError or RangeError for bad options; TransactionError at a session that is in a transaction
   * @example
   * await using tx = session.transaction();
   * await tx.upsert(accounts.id("a")).bin("balance").add(10).execute();
   * await tx.commit();
   */
  transaction(options: TransactionOptions = {}): TransactionalSession {
    return this.#begin(this.#context, options);
  }

  /**
   * Runs `work` in a transaction and commits it when `work` is done; when `work` throws, it is aborted. Where others were
   * in the way (`MRT_BLOCKED`, `MRT_VERSION_MISMATCH`, or a commit that could not be verified) all of it is done again, in
   * a new transaction: so `work` should change nothing but records. Await in it what belongs to the transaction. At a
   * session that is in a transaction it joins that one.
   * @returns what `work` returns
   * @throws what `work` throws; CommitError when the transaction could not be committed; TypeError or RangeError for bad
   *   options
   * @example
   * const left = await session.doInTransaction(async (tx) => {
   *   const { bins } = await tx.get(accounts.id("a"), ["balance"]);
   *   await tx.put(accounts.id("a"), { balance: bins.balance - 10 });
   *   return bins.balance - 10;
   * });
   */
  async doInTransaction<T>(
    work: (tx: TransactionalSession) => Promise<T>,
    options: DoInTransactionOptions = {},
  ): Promise<T> {
    const { attempt } = await import("../transactions/attempts.js");
    return attempt(this.#context, (own) => this.transaction(own), work, options);
  }

  /**
   * Registers a Lua module, or replaces the one of that name, on one node, which hands it on to the others.
   * @param source Lua source, as text or bytes; 1 byte to 1 MiB
   * @param serverPath name of its file on the servers, such as `"counters.lua"`; calls name it without `.lua`. It has no
   *   other dot and is no library of Lua (`string.lua`): servers could not load it
   * @returns a task that tells when every node has it
   * @throws UdfCompileError with file, line and Lua's message; UdfError; TypeError or RangeError for a bad name
   * @example
   * const task = await session.registerUdf(await readFile("counters.lua"), "counters.lua");
   * await task.waitTillComplete();
   */
  async registerUdf(source: string | Uint8Array, serverPath: string, options: CallOptions = {}): Promise<RegisterTask> {
    const { registerUdf } = await import("../admin/udf.js");
    return registerUdf(this.#context, source, serverPath, options);
  }

  /**
   * Removes a Lua module; it is fine when there is none.
   * @param serverPath name of its file on the servers, with its extension
   * @returns a task that tells when no node has it any more
   */
  async removeUdf(serverPath: string, options: CallOptions = {}): Promise<UdfRemoveTask> {
    const { removeUdf } = await import("../admin/udf.js");
    return removeUdf(this.#context, serverPath, options);
  }

  /** The Lua modules that one of the nodes has. */
  async listUdfs(options: CallOptions = {}): Promise<UdfModule[]> {
    const { listUdfs } = await import("../admin/udf.js");
    return listUdfs(this.#context, options);
  }

  /**
   * The source of a Lua module.
   * @throws UdfError when there is none of that name
   */
  async getUdf(serverPath: string, options: CallOptions = {}): Promise<string> {
    const { getUdf } = await import("../admin/udf.js");
    return getUdf(this.#context, serverPath, options);
  }

  /**
   * Describes a secondary index of a set, or with `DataSet.ofNamespace` of a whole namespace, to create or drop it.
   * @example
   * const task = await session.index(users).onBin("age").named("users_age").integer().create();
   * await task.waitTillComplete();
   */
  index<T>(dataSet: DataSet<T>): IndexBuilder<T> {
    checkDataSet("index", dataSet);
    return new IndexBuilder(this.#context, dataSet);
  }

  /**
   * Creates a secondary index: the short form of {@link Session.index}.
   * @returns a task that tells how far each node is with building it
   * @throws what {@link IndexBuilder.create} throws
   * @example
   * const task = await session.createIndex(users, { name: "users_age", bin: "age", type: "integer", ifNotExists: true });
   * await task.waitTillComplete();
   */
  async createIndex<T>(dataSet: DataSet<T>, options: CreateIndexOptions<T>): Promise<IndexTask> {
    checkDataSet("createIndex", dataSet);
    const { createIndex } = await import("../admin/create-index.js");
    return createIndex(this.#context, dataSet, options);
  }

  /**
   * Drops a secondary index. That there is none is no error.
   * @param dataSet any of the index's namespace: names are unique there
   * @returns a task that tells when no node has it any more
   * @throws TypeError or RangeError for a bad name; InvalidNamespaceError
   */
  async dropIndex(dataSet: DataSet<unknown>, indexName: string, options: CallOptions = {}): Promise<DropIndexTask> {
    checkDataSet("dropIndex", dataSet);
    return new IndexBuilder(this.#context, dataSet).named(indexName).drop(options);
  }

  /**
   * The secondary indexes that hold records of a set: its own and those on all sets of its namespace; with
   * `DataSet.ofNamespace` all of the namespace, and without a data set all that there are.
   * @throws InvalidNamespaceError
   * @example for (const { indexName, bin, readable } of await session.listIndexes(users)) console.log(indexName, bin, readable);
   */
  async listIndexes(dataSet?: DataSet<unknown>, options: CallOptions = {}): Promise<IndexInfo[]> {
    if (dataSet === undefined) return this.info().secondaryIndexes(undefined, options);
    checkDataSet("listIndexes", dataSet);
    const indexes = await this.info().secondaryIndexes(dataSet.namespace, options);
    if (dataSet.isWholeNamespace) return indexes;
    return indexes.filter(({ setName }) => setName === undefined || setName === dataSet.setName);
  }

  /**
   * Removes all records of a set, or with `DataSet.ofNamespace` of a whole namespace, or those last written before some
   * moment. They are out of sight when this resolves; the space is freed by and by.
   * @throws InvalidNamespaceError; AerospikeError with code `"PARAMETER"` when the moment is in the future
   */
  async truncate(dataSet: DataSet<unknown>, options: TruncateOptions = {}): Promise<void> {
    checkDataSet("truncate", dataSet);
    this.#context.transaction?.refuse("truncate()");
    const { truncate } = await import("../admin/truncate.js");
    return truncate(this.#context, dataSet, options);
  }

  /**
   * Says which records are shipped to another site. Enterprise Edition.
   * @throws AerospikeError with code `"ENTERPRISE_ONLY"` elsewhere, or when the servers know no such datacenter;
   *   AelParseError; InvalidNamespaceError
   * @example await session.setXdrFilter({ datacenter: "berlin", namespace: "test", filter: "$.country == 'DE'" });
   */
  async setXdrFilter(filter: XdrFilter, options: CallOptions = {}): Promise<void> {
    const { setXdrFilter } = await import("../admin/xdr-filter.js");
    return setXdrFilter(this.#context, filter, options);
  }

  /** Users, roles, privileges, quotas and allowlists. Enterprise Edition with security. */
  security(): SecurityCommands {
    return new SecurityCommands(this.#context);
  }

  /** Questions about the cluster, its namespaces, sets and indexes. */
  info(): InfoCommands {
    return new InfoCommands(this.#context);
  }

  /**
   * Whether a namespace runs in strong consistency.
   * @throws InvalidNamespaceError
   */
  isNamespaceSc(namespace: string): boolean {
    checkNamespace(namespace);
    this.#context.cluster.checkNamespace(namespace);
    return this.#context.cluster.isStrongConsistency(namespace);
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { behavior, cluster } = this.#context;
    return show("Session", { behavior: behavior.name, namespaces: cluster.namespaces }, options, inspect);
  }

  #readAll(policy: CommandPolicy): RecordOperation {
    if (this.#latestReadAll?.policy !== policy) this.#latestReadAll = { policy, operation: read(undefined, policy) };
    return this.#latestReadAll.operation;
  }
}

// Apart from `get`, which would make a closure's scope for every call.
function whenDecoded<T>(record: Promise<Record<T>>, bins: readonly string[] | undefined): Promise<Record<T>> {
  return record.then((stored) => decodedRecord(stored, bins ?? "all"));
}

/** What the caller may change while code is loaded that goes through it; what is no array is refused there. */
function copyOf<T>(list: readonly T[]): readonly T[] {
  return Array.isArray(list) ? [...list] : list;
}

function checkDataSet(method: string, dataSet: unknown): void {
  if (dataSet instanceof DataSet) return;
  throw new TypeError(`${method}: expected a DataSet, such as DataSet.of("test", "users"), got ${describe(dataSet)}`);
}
