import type { CTX } from "../../protocol/cdt/context.js";
import { packedContext } from "../../protocol/cdt/context-bytes.js";
import { checkIndexedBin, checkIndexName } from "../../protocol/check/check-names.js";
import {
  type IndexDefinition,
  type IndexSource,
  type IndexType,
  sindexCreate,
  sindexDelete,
} from "../../protocol/info/index-commands.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { expectInfoValue } from "../cluster/info-client.js";
import { requireVersion } from "../cluster/require-version.js";
import type { BinName } from "../data/bin-types.js";
import type { DataSet } from "../data/data-set.js";
import { listOf } from "../data/list-of.js";
import type { Exp } from "../exp/exp.js";
import { asExpression } from "../exp/from-bytes.js";
import { NotAwaitable } from "../policy/not-awaitable.js";
import type { SessionContext } from "../policy/session-context.js";
import type { IndexedCollection } from "../query/filter.js";
import { type AdminOptions, adminDeadline, askAny } from "./admin-request.js";
import { DropIndexTask, IndexTask } from "./index-task.js";

const COLLECTIONS: readonly IndexedCollection[] = ["list", "mapKeys", "mapValues"];

/**
 * Describes a secondary index, to create or drop it; see `session.index`. Nothing is sent before `create` or `drop`.
 *
 * @typeParam T the bins of the data set
 *
 * @example
 * const task = await session.index(users).onBin("age").named("users_age").integer().create();
 * await task.waitTillComplete({ timeoutMs: 60_000 });
 */
export class IndexBuilder<T> extends NotAwaitable {
  readonly #context: SessionContext;
  readonly #dataSet: DataSet<T>;
  #name: string | undefined;
  #bin: string | undefined;
  #expression: Exp | undefined;
  #type: IndexType | undefined;
  #collection: IndexedCollection | undefined;
  #path: readonly CTX[] | undefined;

  /** @internal */
  constructor(context: SessionContext, dataSet: DataSet<T>) {
    super();
    this.#context = context;
    this.#dataSet = dataSet;
  }

  /** @internal */
  protected override get forgotten(): string {
    return "session.index(…) was awaited without create() or drop(), so nothing was sent: write await session.index(…).create()";
  }

  /** Indexes the values of a bin, or of what `collection` and `context` say is inside of it. */
  onBin(name: BinName<T>): this {
    checkIndexedBin(name);
    this.#bin = name;
    return this;
  }

  /**
   * Indexes what an expression gives for each record. Server 8.1 and newer.
   * @throws TypeError for anything but an expression, and for one whose value is always nil
   */
  onExpression(expression: Exp): this {
    const found = asExpression(expression);
    if (found === undefined)
      throw new TypeError(`onExpression(expression): expected an expression, got ${describe(expression)}`);
    // It takes servers down.
    if (found.type === "nil") {
      throw new TypeError(`onExpression(expression): expected a value that can be indexed, got nil (${found})`);
    }
    this.#expression = found;
    return this;
  }

  /** @param name 1 to 63 bytes, unique in the namespace */
  named(name: string): this {
    checkIndexName(name);
    this.#name = name;
    return this;
  }

  /** Indexes integers. */
  integer(): this {
    return this.#ofType("integer");
  }

  /** Indexes strings. */
  string(): this {
    return this.#ofType("string");
  }

  /** Indexes bytes. Server 7.0 and newer. */
  blob(): this {
    return this.#ofType("blob");
  }

  /** Indexes points and regions. */
  geo2dsphere(): this {
    return this.#ofType("geo");
  }

  /** Indexes the elements of a list, the keys of a map or its values instead of the value itself. */
  collection(collection: IndexedCollection): this {
    if (!COLLECTIONS.includes(collection)) {
      const allowed = COLLECTIONS.map((name) => `"${name}"`).join(", ");
      throw new TypeError(`collection(collection): expected one of ${allowed}, got ${describe(collection)}`);
    }
    this.#collection = collection;
    return this;
  }

  /**
   * Indexes a place inside the bin. Server 6.1 and newer.
   * @example session.index(users).onBin("address").context(CTX.mapKey("city")).named("users_city").string()
   */
  context(path: readonly CTX[]): this;
  context(...path: readonly CTX[]): this;
  context(...path: readonly (CTX | readonly CTX[])[]): this {
    const steps = listOf<CTX>("context", path);
    packedContext(steps);
    this.#path = steps;
    return this;
  }

  /**
   * Asks for the index and resolves once one node has accepted it; the task tells when it can be queried everywhere.
   * The same index under the same name again is fine; under another name it is renamed.
   * @throws TypeError when bin or expression, name or type is missing, or they do not go together;
   *   InvalidNamespaceError; IndexAlreadyExistsError when the name is taken by another index; AerospikeError for a server too old
   */
  async create(options: AdminOptions = {}): Promise<IndexTask> {
    const deadline = adminDeadline(this.#context, "create", options);
    const definition = this.#definition();
    const { cluster } = this.#context;
    const { namespace, setName, indexName } = definition;
    // Servers say ok to an index in a namespace that they do not have, and then never build it.
    cluster.checkNamespace(namespace);
    this.#requireVersions(cluster.minVersion);
    const command = sindexCreate(definition, cluster.minVersion);
    expectInfoValue(await askAny(this.#context, command, deadline), {
      operation: `create index ${indexName}`,
      namespace,
      setName,
    });
    return new IndexTask(this.#context, namespace, indexName);
  }

  /**
   * Drops the index of the name given; nothing else about it matters. That there is none is no error.
   * @throws TypeError when the name is missing; InvalidNamespaceError
   */
  async drop(options: AdminOptions = {}): Promise<DropIndexTask> {
    const deadline = adminDeadline(this.#context, "drop", options);
    const indexName = this.#requireName("drop");
    const { namespace } = this.#dataSet;
    const { cluster } = this.#context;
    cluster.checkNamespace(namespace);
    const command = sindexDelete(namespace, indexName, cluster.minVersion);
    expectInfoValue(await askAny(this.#context, command, deadline), {
      operation: `drop index ${indexName}`,
      namespace,
    });
    return new DropIndexTask(this.#context, namespace, indexName);
  }

  #ofType(type: IndexType): this {
    this.#type = type;
    return this;
  }

  #requireName(method: string): string {
    if (this.#name === undefined) throw new TypeError(`${method}: the index has no name; use named() first`);
    return this.#name;
  }

  #definition(): IndexDefinition {
    const indexName = this.#requireName("create");
    const source = this.#source();
    if (this.#type === undefined) {
      throw new TypeError("create: the index has no type; use integer(), string(), blob() or geo2dsphere() first");
    }
    if (this.#type === "geo" && this.#collection === "mapKeys") {
      throw new TypeError(
        'create: keys of maps are no points; a geo2dsphere index has the collection "list" or "mapValues"',
      );
    }
    const { namespace, setName } = this.#dataSet;
    return { namespace, setName, indexName, type: this.#type, source, collection: this.#collection };
  }

  #source(): IndexSource {
    if (this.#expression !== undefined) {
      if (this.#bin !== undefined) throw new TypeError("create: onBin() and onExpression() exclude each other");
      if (this.#path !== undefined) throw new TypeError("create: context() and onExpression() exclude each other");
      return { expression: this.#expression.packed };
    }
    if (this.#bin === undefined) throw new TypeError("create: nothing to index; use onBin() or onExpression() first");
    return this.#path === undefined ? { bin: this.#bin } : { bin: this.#bin, context: packedContext(this.#path) };
  }

  #requireVersions(version: ServerVersion): void {
    if (this.#path !== undefined) requireVersion(version, "6.1", "an index in a context");
    if (this.#type === "blob") requireVersion(version, "7.0", "an index of bytes");
    if (this.#expression !== undefined) {
      requireVersion(version, "8.1", "an index on an expression");
      requireVersion(version, this.#expression.minVersion, "the expression");
    }
  }
}
