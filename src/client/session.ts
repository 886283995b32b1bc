import { SingleCommand } from "../../protocol/command/record-command.js";
import { type RecordOperation, read, write } from "../../protocol/command/record-operation.js";
import type { RecordReply } from "../../protocol/command/record-reply.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { AdminOptions } from "../admin/admin-request.js";
import { IndexBuilder } from "../admin/index-builder.js";
import { InfoCommands } from "../admin/info-commands.js";
import { type TruncateOptions, truncate } from "../admin/truncate.js";
import {
  getUdf,
  listUdfs,
  type RegisterTask,
  registerUdf,
  removeUdf,
  type UdfModule,
  type UdfRemoveTask,
} from "../admin/udf.js";
import { BackgroundTaskSession } from "../background/background-task-session.js";
import type { BinName, BinsInput } from "../data/bin-types.js";
import { checkKey, checkKeys } from "../data/check-keys.js";
import { DataSet } from "../data/data-set.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import type { Key } from "../data/key.js";
import type { Behavior } from "../policy/behavior.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import type { SessionContext } from "../policy/session-context.js";
import { DeleteBuilder } from "../records/builders/delete-builder.js";
import { ExistsBuilder } from "../records/builders/exists-builder.js";
import { TouchBuilder } from "../records/builders/touch-builder.js";
import { WriteSegmentBuilder } from "../records/builders/write-segment-builder.js";
import { type CallOptions, checkCallOptions, type GetOptions, getOptionsOf } from "../records/call-options.js";
import { DataSetQueryBuilder } from "../records/queries/data-set-query-builder.js";
import type { Record } from "../records/record.js";
import { recordOfReply } from "../records/record-of-reply.js";
import { INSERT, type KeyVerb, REPLACE, REPLACE_IF_EXISTS, UPDATE, UPSERT } from "../records/verbs.js";
import { binsOf } from "../records/written-bins.js";

const PUT = { name: "put" };
const nothing = (): void => undefined;

type Keys<T> = readonly (Key<T> | readonly Key<T>[])[];

/**
 * Where commands start: a client and a {@link Behavior}. Sessions cost nothing and have nothing to close; make as many
 * as there are behaviors.
 *
 * @example
 * const session = client.createSession();
 * await session.put(users.id(1), { name: "Ada", age: 36 });
 */
export class Session {
  readonly #context: SessionContext;
  /** The read of all bins that was made last: most are the same. */
  #latestReadAll: { readonly policy: CommandPolicy; readonly operation: RecordOperation } | undefined = undefined;
  readonly #toRecord: <T>(reply: RecordReply, key: Key<T>) => Record<T>;

  /** @internal Made by `client.createSession`. */
  constructor(context: SessionContext) {
    this.#context = context;
    this.#toRecord = (reply, key) => recordOfReply(reply, key, context.cluster.runtime);
  }

  /** How commands of this session are carried out. */
  get behavior(): Behavior {
    return this.#context.behavior;
  }

  /**
   * Reads one record: all bins, or the named ones.
   * @param bins names, or options with the names among them
   * @throws RecordNotFoundError when there is none; TypeError for a list of bins without a name, for an option that does
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
    const context = this.#context;
    try {
      checkKey("get", key);
      const { bins, signal } = getOptionsOf(binsOrOptions, options);
      const policy = context.policy("read", "point", key.namespace);
      const operation = bins === undefined ? this.#readAll(policy) : read(bins, policy);
      const command = new SingleCommand(key, operation, this.#toRecord);
      return context.cluster.execute(command, policy, context.cluster.deadline(policy.totalTimeoutMs, signal));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Writes bins of one record, which is created if it does not exist. Bins that are not named stay; `null` removes one.
   * For conditions, times to live and operations on bins there is {@link Session.upsert}.
   * @throws TypeError naming bin and path of what can't be stored, when there is no bin, or for an option that does not
   *   exist
   * @example await session.put(users.id(1), { name: "Ada", age: 36 });
   */
  put<T>(key: Key<T>, bins: BinsInput<T>, options?: CallOptions): Promise<void> {
    const context = this.#context;
    try {
      checkKey("put", key);
      if (options !== undefined) checkCallOptions("put", options);
      const policy = context.policy("writeNonRetryable", "point", key.namespace);
      const command = new SingleCommand(key, write(binsOf("put", bins), policy, PUT), nothing);
      const deadline = context.cluster.deadline(policy.totalTimeoutMs, options?.signal);
      return context.cluster.execute(command, policy, deadline);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Writes bins; creates the record if it does not exist. */
  upsert<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  upsert<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  upsert<T>(...keys: Keys<T>): WriteSegmentBuilder<T> {
    return this.#write(UPSERT, keys);
  }

  /** Creates records; one that exists is an error (RecordExistsError). */
  insert<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  insert<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  insert<T>(...keys: Keys<T>): WriteSegmentBuilder<T> {
    return this.#write(INSERT, keys);
  }

  /** Writes bins of records that exist; one that does not is an error (RecordNotFoundError). */
  update<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  update<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  update<T>(...keys: Keys<T>): WriteSegmentBuilder<T> {
    return this.#write(UPDATE, keys);
  }

  /** Writes whole records: bins that are not named are gone. Creates the record if it does not exist. */
  replace<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  replace<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  replace<T>(...keys: Keys<T>): WriteSegmentBuilder<T> {
    return this.#write(REPLACE, keys);
  }

  /** Writes whole records that exist; one that does not is an error (RecordNotFoundError). */
  replaceIfExists<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  replaceIfExists<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T>;
  replaceIfExists<T>(...keys: Keys<T>): WriteSegmentBuilder<T> {
    return this.#write(REPLACE_IF_EXISTS, keys);
  }

  /** Deletes records. */
  delete<T>(keys: readonly Key<T>[]): DeleteBuilder<T>;
  delete<T>(key: Key<T>, ...keys: readonly Key<T>[]): DeleteBuilder<T>;
  delete<T>(...keys: Keys<T>): DeleteBuilder<T> {
    return new DeleteBuilder(this.#context, checkKeys("delete", keys));
  }

  /** Renews records: their generation goes up and their time to live starts anew. */
  touch<T>(keys: readonly Key<T>[]): TouchBuilder<T>;
  touch<T>(key: Key<T>, ...keys: readonly Key<T>[]): TouchBuilder<T>;
  touch<T>(...keys: Keys<T>): TouchBuilder<T> {
    return new TouchBuilder(this.#context, checkKeys("touch", keys));
  }

  /** Asks whether records exist. */
  exists<T>(keys: readonly Key<T>[]): ExistsBuilder<T>;
  exists<T>(key: Key<T>, ...keys: readonly Key<T>[]): ExistsBuilder<T>;
  exists<T>(...keys: Keys<T>): ExistsBuilder<T> {
    return new ExistsBuilder(this.#context, checkKeys("exists", keys));
  }

  /**
   * Reads the records of a set, or with `DataSet.ofNamespace` of a whole namespace, as a stream.
   * @throws TypeError for anything but a DataSet
   * @example
   * for await (const { bins } of await session.query(users).where("$.age > ?0", 30).execute()) console.log(bins.name);
   */
  query<T>(dataSet: DataSet<T>): DataSetQueryBuilder<T> {
    checkDataSet("query", dataSet);
    return new DataSetQueryBuilder<T>(this.#context, dataSet);
  }

  /** Work on many records that the servers do by themselves. */
  backgroundTask(): BackgroundTaskSession {
    return new BackgroundTaskSession(this.#context);
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
  async registerUdf(
    source: string | Uint8Array,
    serverPath: string,
    options: AdminOptions = {},
  ): Promise<RegisterTask> {
    return registerUdf(this.#context, source, serverPath, options);
  }

  /**
   * Removes a Lua module; it is fine when there is none.
   * @param serverPath name of its file on the servers, with its extension
   * @returns a task that tells when no node has it any more
   */
  async removeUdf(serverPath: string, options: AdminOptions = {}): Promise<UdfRemoveTask> {
    return removeUdf(this.#context, serverPath, options);
  }

  /** The Lua modules that one of the nodes has. */
  async listUdfs(options: AdminOptions = {}): Promise<UdfModule[]> {
    return listUdfs(this.#context, options);
  }

  /**
   * The source of a Lua module.
   * @throws UdfError when there is none of that name
   */
  async getUdf(serverPath: string, options: AdminOptions = {}): Promise<string> {
    return getUdf(this.#context, serverPath, options);
  }

  /**
   * Describes a secondary index of a set, or with `DataSet.ofNamespace` of a whole namespace, to create or drop it.
   * @example
   * const task = await session.index(users).onBin("age").named("users_age").numeric().create();
   * await task.waitTillComplete();
   */
  index<T>(dataSet: DataSet<T>): IndexBuilder<T> {
    checkDataSet("index", dataSet);
    return new IndexBuilder(this.#context, dataSet);
  }

  /**
   * Removes all records of a set, or with `DataSet.ofNamespace` of a whole namespace, or those last written before some
   * moment. They are out of sight when this resolves; the space is freed by and by.
   * @throws InvalidNamespaceError; AerospikeError with code `"PARAMETER"` when the moment is in the future
   */
  async truncate(dataSet: DataSet<unknown>, options: TruncateOptions = {}): Promise<void> {
    checkDataSet("truncate", dataSet);
    return truncate(this.#context, dataSet, options);
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

  #write<T>(verb: KeyVerb, keys: Keys<T>): WriteSegmentBuilder<T> {
    return new WriteSegmentBuilder(this.#context, verb, checkKeys(verb.name, keys));
  }
}

function checkDataSet(method: string, dataSet: unknown): void {
  if (dataSet instanceof DataSet) return;
  throw new TypeError(`${method}: ${describe(dataSet)} is no DataSet; make one with DataSet.of("test", "users")`);
}
