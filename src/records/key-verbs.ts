import { checkKeys } from "../data/check-keys.js";
import { DataSet } from "../data/data-set.js";
import type { Key } from "../data/key.js";
import { DeleteBuilder } from "./builders/delete-builder.js";
import { ExistsBuilder } from "./builders/exists-builder.js";
import { KeyCommandBuilder } from "./builders/key-command-builder.js";
import { KeyQueryBuilder } from "./builders/key-query-builder.js";
import { DataSetWriteBuilder } from "./builders/row-builder.js";
import { TouchBuilder } from "./builders/touch-builder.js";
import { UdfFunctionBuilder } from "./builders/udf-builder.js";
import { WriteSegmentBuilder } from "./builders/write-segment-builder.js";
import type { ChainSoFar } from "./chain.js";
import type { Results, UdfResults } from "./row-types.js";
import { newSegment } from "./segment.js";
import { takeMethods } from "./take-methods.js";
import {
  DELETE,
  EXISTS,
  INSERT,
  type KeyVerb,
  QUERY,
  REPLACE,
  REPLACE_IF_EXISTS,
  TOUCH,
  UPDATE,
  UPSERT,
} from "./verbs.js";

type Keys<T> = readonly (Key<T> | readonly Key<T>[])[];

/**
 * What can be done to records by their keys: at a session, a verb begins a chain; at a builder it goes on with it. Keys
 * are given one by one or as a list.
 *
 * @typeParam AT the bins of the data sets of the keys that there are
 * @typeParam B the bins of the rows that there are
 * @typeParam R their results
 */
export abstract class KeyVerbs<AT, out B, out R extends Results> {
  /** Lets a verb's segment follow; the chain is no longer this object's to execute. @internal */
  abstract continueWith(verb: string): ChainSoFar<AT>;

  /**
   * Reads records: all bins, some (`bins`), none (`withNoBins`), or what operations return (`bin`).
   * @example
   * const stream = await session.query(users.ids(1, 2, 3)).bins("name").execute();
   */
  query<T>(keys: readonly Key<T>[]): KeyQueryBuilder<T, AT | T, B, R>;
  query<T>(key: Key<T>, ...keys: readonly Key<T>[]): KeyQueryBuilder<T, AT | T, B, R>;
  query<T>(...keys: Keys<T>): KeyQueryBuilder<T, AT | T, B, R> {
    const checked = checkKeys("query", keys);
    const soFar = this.continueWith("query");
    return new KeyQueryBuilder<T, AT | T, B, R>(soFar, newSegment<AT | T>(QUERY, checked, soFar));
  }

  /** Writes bins; creates the record if it does not exist. */
  upsert<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  upsert<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  /**
   * The same, as rows of a table.
   * @example session.upsert(users).bins("name", "age").row(1, "Ada", 36).row(2, "Bob", 41)
   */
  upsert<T>(dataSet: DataSet<T>): DataSetWriteBuilder<T, AT, B, R>;
  upsert<T>(
    ...keys: Keys<T> | readonly [DataSet<T>]
  ): WriteSegmentBuilder<T, AT | T, B, R, []> | DataSetWriteBuilder<T, AT, B, R> {
    return write(this, UPSERT, keys);
  }

  /** Creates records; one that exists is an error (RecordExistsError). */
  insert<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  insert<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  /**
   * The same, as rows of a table.
   * @example session.insert(users).bins("name", "age").row(1, "Ada", 36).row(2, "Bob", 41)
   */
  insert<T>(dataSet: DataSet<T>): DataSetWriteBuilder<T, AT, B, R>;
  insert<T>(
    ...keys: Keys<T> | readonly [DataSet<T>]
  ): WriteSegmentBuilder<T, AT | T, B, R, []> | DataSetWriteBuilder<T, AT, B, R> {
    return write(this, INSERT, keys);
  }

  /** Writes bins of records that exist; one that does not is an error (RecordNotFoundError). */
  update<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  update<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  /**
   * The same, as rows of a table.
   * @example session.update(users).bins("name", "age").row(1, "Ada", 36).row(2, "Bob", 41)
   */
  update<T>(dataSet: DataSet<T>): DataSetWriteBuilder<T, AT, B, R>;
  update<T>(
    ...keys: Keys<T> | readonly [DataSet<T>]
  ): WriteSegmentBuilder<T, AT | T, B, R, []> | DataSetWriteBuilder<T, AT, B, R> {
    return write(this, UPDATE, keys);
  }

  /** Writes whole records: bins that are not named are gone. Creates the record if it does not exist. */
  replace<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  replace<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  /**
   * The same, as rows of a table.
   * @example session.replace(users).bins("name", "age").row(1, "Ada", 36).row(2, "Bob", 41)
   */
  replace<T>(dataSet: DataSet<T>): DataSetWriteBuilder<T, AT, B, R>;
  replace<T>(
    ...keys: Keys<T> | readonly [DataSet<T>]
  ): WriteSegmentBuilder<T, AT | T, B, R, []> | DataSetWriteBuilder<T, AT, B, R> {
    return write(this, REPLACE, keys);
  }

  /** Writes whole records that exist; one that does not is an error (RecordNotFoundError). */
  replaceIfExists<T>(keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  replaceIfExists<T>(key: Key<T>, ...keys: readonly Key<T>[]): WriteSegmentBuilder<T, AT | T, B, R, []>;
  /**
   * The same, as rows of a table.
   * @example session.replaceIfExists(users).bins("name", "age").row(1, "Ada", 36).row(2, "Bob", 41)
   */
  replaceIfExists<T>(dataSet: DataSet<T>): DataSetWriteBuilder<T, AT, B, R>;
  replaceIfExists<T>(
    ...keys: Keys<T> | readonly [DataSet<T>]
  ): WriteSegmentBuilder<T, AT | T, B, R, []> | DataSetWriteBuilder<T, AT, B, R> {
    return write(this, REPLACE_IF_EXISTS, keys);
  }

  /** Deletes records. */
  delete<T>(keys: readonly Key<T>[]): DeleteBuilder<AT | T, B, R | readonly []>;
  delete<T>(key: Key<T>, ...keys: readonly Key<T>[]): DeleteBuilder<AT | T, B, R | readonly []>;
  delete<T>(...keys: Keys<T>): DeleteBuilder<AT | T, B, R | readonly []> {
    const checked = checkKeys("delete", keys);
    const soFar = this.continueWith("delete");
    return new DeleteBuilder<AT | T, B, R | readonly []>(soFar, newSegment<AT | T>(DELETE, checked, soFar));
  }

  /** Renews records: their generation goes up and their time to live starts anew. */
  touch<T>(keys: readonly Key<T>[]): TouchBuilder<AT | T, B, R | readonly []>;
  touch<T>(key: Key<T>, ...keys: readonly Key<T>[]): TouchBuilder<AT | T, B, R | readonly []>;
  touch<T>(...keys: Keys<T>): TouchBuilder<AT | T, B, R | readonly []> {
    const checked = checkKeys("touch", keys);
    const soFar = this.continueWith("touch");
    return new TouchBuilder<AT | T, B, R | readonly []>(soFar, newSegment<AT | T>(TOUCH, checked, soFar));
  }

  /** Asks whether records exist. */
  exists<T>(keys: readonly Key<T>[]): ExistsBuilder<AT | T, B, R | readonly []>;
  exists<T>(key: Key<T>, ...keys: readonly Key<T>[]): ExistsBuilder<AT | T, B, R | readonly []>;
  exists<T>(...keys: Keys<T>): ExistsBuilder<AT | T, B, R | readonly []> {
    const checked = checkKeys("exists", keys);
    const soFar = this.continueWith("exists");
    return new ExistsBuilder<AT | T, B, R | readonly []>(soFar, newSegment<AT | T>(EXISTS, checked, soFar));
  }

  /**
   * Calls a Lua function on records, which `function` names. A record that does not exist can be created by it.
   * @example
   * const row = await session.executeUdf(users.id(1)).function("scores", "sum").passing(7).firstOrThrow();
   * console.log(row.udfResult);
   */
  executeUdf<T>(keys: readonly Key<T>[]): UdfFunctionBuilder<AT | T, B, R | UdfResults>;
  executeUdf<T>(key: Key<T>, ...keys: readonly Key<T>[]): UdfFunctionBuilder<AT | T, B, R | UdfResults>;
  executeUdf<T>(...keys: Keys<T>): UdfFunctionBuilder<AT | T, B, R | UdfResults> {
    const checked = checkKeys("executeUdf", keys);
    return new UdfFunctionBuilder<AT | T, B, R | UdfResults>(this.continueWith("executeUdf"), checked);
  }
}

function write<T, AT, B, R extends Results>(
  verbs: KeyVerbs<AT, B, R>,
  verb: KeyVerb,
  keys: Keys<T> | readonly [DataSet<T>],
): WriteSegmentBuilder<T, AT | T, B, R, []> | DataSetWriteBuilder<T, AT, B, R> {
  if (isDataSet(keys)) return new DataSetWriteBuilder<T, AT, B, R>(verbs.continueWith(verb.name), keys[0], verb);
  const checked = checkKeys(verb.name, keys);
  const soFar = verbs.continueWith(verb.name);
  return new WriteSegmentBuilder<T, AT | T, B, R, []>(soFar, newSegment<AT | T>(verb, checked, soFar));
}

function isDataSet<T>(keys: Keys<T> | readonly [DataSet<T>]): keys is readonly [DataSet<T>] {
  return keys.length === 1 && keys[0] instanceof DataSet;
}

// Here and not where the class is, for the builders that verbs make extend it.
takeMethods(KeyCommandBuilder, KeyVerbs);
