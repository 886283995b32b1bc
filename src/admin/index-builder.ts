import type { AelParam } from "../../ael/params.js";
import type { CTX } from "../../protocol/cdt/context.js";
import { packedContext } from "../../protocol/cdt/context-bytes.js";
import { checkIndexedBin, checkIndexName } from "../../protocol/check/check-names.js";
import type { IndexType } from "../../protocol/info/index-commands.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { readText } from "../ael/compile.js";
import type { BinName } from "../data/bin-types.js";
import type { DataSet } from "../data/data-set.js";
import { listOf } from "../data/list-of.js";
import type { Exp } from "../exp/exp.js";
import { asExpression } from "../exp/from-bytes.js";
import type { CallOptions } from "../policy/call-options.js";
import { NotAwaitable } from "../policy/not-awaitable.js";
import type { SessionContext } from "../policy/session-context.js";
import type { IndexedCollection } from "../query/filter.js";
import type { IndexDraft } from "./index-draft.js";
import type { DropIndexTask, IndexTask } from "./index-task.js";

const COLLECTIONS: readonly IndexedCollection[] = ["list", "mapKeys", "mapValues"];

/** Options of {@link IndexBuilder.create}. */
export interface CreateOptions extends CallOptions {
  /**
   * Looks first, and leaves an index of this very definition as it is, whatever its name: `indexName` of the task says
   * it. Without this option such an index gets the new name, and who asked for it by the old one is refused. An index of
   * this name and another definition is an error either way. Default false.
   */
  readonly ifNotExists?: boolean | undefined;
}

/**
 * Describes a secondary index, to create or drop it; see `session.index`. Nothing is sent before `create` or `drop`.
 *
 * @typeParam T the bins of the data set
 *
 * @example
 * const task = await session.index(users).onBin("age").named("users_age").integer().create();
 * await task.waitTillComplete({ totalTimeout: 60_000 });
 */
export class IndexBuilder<T> extends NotAwaitable {
  readonly #context: SessionContext;
  readonly #dataSet: DataSet<T>;
  readonly #draft: IndexDraft = {
    name: undefined,
    bin: undefined,
    expression: undefined,
    isOnSet: false,
    type: undefined,
    collection: undefined,
    path: undefined,
  };

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
    this.#draft.bin = name;
    return this;
  }

  /**
   * Indexes what an expression gives for each record. Server 8.1 and newer.
   * @param expression an Exp, or AEL text with its values; of what type its value is, the type of the index says
   * @throws AelParseError for text that can't be read; TypeError for anything but an expression, and for one whose value
   *   is always nil
   * @example session.index(users).onExpression("$.price:INT * $.count").named("orders_total").integer()
   */
  onExpression(expression: Exp | string, ...params: readonly AelParam[]): this {
    if (typeof expression === "string") {
      this.#draft.expression = { parsed: readText(expression), params };
      return this;
    }
    const found = asExpression(expression);
    if (found === undefined) {
      throw new TypeError(`onExpression(expression): expected an expression or AEL text, got ${describe(expression)}`);
    }
    if (params.length > 0) {
      throw new TypeError("onExpression: parameters belong to text; an expression has its values already");
    }
    // It takes servers down.
    if (found.type === "nil") {
      throw new TypeError(`onExpression(expression): expected a value that can be indexed, got nil (${found})`);
    }
    this.#draft.expression = found;
    return this;
  }

  /**
   * Indexes which records the set has, so that queries and scans of a small set in a large namespace do not look at all
   * of it. It has neither type nor bin. Server 8.1.2 and newer.
   * @example await session.index(users).onSet().named("users_all").create()
   */
  onSet(): this {
    this.#draft.isOnSet = true;
    return this;
  }

  /** @param name 1 to 63 bytes, unique in the namespace */
  named(name: string): this {
    checkIndexName(name);
    this.#draft.name = name;
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
    this.#draft.collection = collection;
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
    this.#draft.path = steps;
    return this;
  }

  /**
   * Asks for the index and resolves once one node has accepted it; the task tells when it can be queried everywhere.
   * The same index under the same name again is fine; under another name it is renamed, unless `ifNotExists` is set.
   * @throws TypeError when what to index, name or type is missing, or they do not go together; AelParseError for text
   *   whose value is of another type; InvalidNamespaceError; IndexAlreadyExistsError when the name is taken by another
   *   index; AerospikeError for a server too old
   */
  async create(options: CreateOptions = {}): Promise<IndexTask> {
    const draft = { ...this.#draft };
    const { createAsDrafted } = await import("./index-requests.js");
    return createAsDrafted(this.#context, this.#dataSet, draft, options);
  }

  /**
   * Drops the index of the name given; nothing else about it matters. That there is none is no error.
   * @throws TypeError when the name is missing; InvalidNamespaceError
   */
  async drop(options: CallOptions = {}): Promise<DropIndexTask> {
    const draft = { ...this.#draft };
    const { dropAsDrafted } = await import("./index-requests.js");
    return dropAsDrafted(this.#context, this.#dataSet, draft, options);
  }

  #ofType(type: IndexType): this {
    this.#draft.type = type;
    return this;
  }
}
