import type { UserKey } from "../../../protocol/key/record-key.js";
import type { Op } from "../../../protocol/message/op.js";
import { describe, within } from "../../../protocol/value/invalid-value.js";
import type { BinInputOf, BinName } from "../../data/bin-types.js";
import type { DataSet } from "../../data/data-set.js";
import { NotAwaitable } from "../../policy/not-awaitable.js";
import { binNamesOf } from "../bin-names.js";
import type { ChainSoFar } from "../chain.js";
import type { OperationBins, Results } from "../row-types.js";
import { addPut, newSegment, type Segment } from "../segment.js";
import { takeMethods } from "../take-methods.js";
import type { KeyVerb } from "../verbs.js";
import { binsOf, writtenBins } from "../written-bins.js";
import { Expiry } from "./expiry.js";
import { Generation } from "./generation.js";
import { KeyCommandBuilder } from "./key-command-builder.js";

/** What may be written to bins with these names, in their order; `undefined` leaves a bin alone. */
export type RowValues<T, N extends readonly BinName<T>[]> = {
  readonly [I in keyof N]: BinInputOf<T, N[I]> | undefined;
};

/** What the rows of a {@link RowsBuilder} have in common. */
interface Table<T> {
  readonly dataSet: DataSet<T>;
  readonly verb: KeyVerb;
  readonly bins: readonly string[];
}

/**
 * Rows of a table that are written to a set, from `session.upsert(dataSet)` and its siblings: which bins first.
 *
 * @typeParam T the bins of the data set
 */
export class DataSetWriteBuilder<T, AT = T, out EB = never, out ER extends Results = never> extends NotAwaitable {
  readonly #soFar: ChainSoFar<AT | T>;
  readonly #dataSet: DataSet<T>;
  readonly #verb: KeyVerb;

  /** @internal */
  constructor(soFar: ChainSoFar<AT | T>, dataSet: DataSet<T>, verb: KeyVerb) {
    super();
    this.#soFar = soFar;
    this.#dataSet = dataSet;
    this.#verb = verb;
  }

  /** @internal */
  protected override get forgotten(): string {
    const { call } = this.#verb;
    return `${call}(dataSet) was awaited without rows: write await ${call}(dataSet).bins("a").row(1, "x").execute()`;
  }

  /**
   * The bins that the values of each row are for, in their order.
   * @throws TypeError without a name, for one that is no bin name, and for one that occurs twice
   * @example session.insert(users).bins("name", "age").row(1, "Ada", 36).row(2, "Bob", 41)
   */
  bins<const N extends readonly [BinName<T>, ...BinName<T>[]]>(...names: N): RowsBuilder<T, N, AT, EB, ER> {
    return new RowsBuilder(this.#soFar, { dataSet: this.#dataSet, verb: this.#verb, bins: binNamesOf(names) });
  }
}

/** Where the first row goes; see {@link DataSetWriteBuilder}. */
export class RowsBuilder<
  T,
  N extends readonly BinName<T>[],
  AT = T,
  out EB = never,
  out ER extends Results = never,
> extends NotAwaitable {
  readonly #soFar: ChainSoFar<AT | T>;
  readonly #table: Table<T>;

  /** @internal */
  constructor(soFar: ChainSoFar<AT | T>, table: Table<T>) {
    super();
    this.#soFar = soFar;
    this.#table = table;
  }

  /** @internal */
  protected override get forgotten(): string {
    return `${this.#table.verb.call}(dataSet).bins(…) was awaited without rows: add row(id, …values) and execute()`;
  }

  /**
   * One row: the user key of the record, and a value for each bin. `null` removes a bin, `undefined` leaves it alone.
   * @throws TypeError or RangeError naming the row's position and bin: for another number of values, for a value that can't
   *   be stored, and when there is no value at all
   */
  row(id: UserKey, ...values: RowValues<T, N>): RowBuilder<T, N, AT, EB, ER> {
    return addRow(() => this.#soFar, this.#table, 0, id, values);
  }

  /**
   * Several rows, each as an array of the user key and the values.
   * @throws TypeError for no rows at all, else as {@link row}
   * @example session.upsert(users).bins("name", "age").rows(lines.map(({ id, name, age }) => [id, name, age]))
   */
  rows(rows: Iterable<readonly [UserKey, ...RowValues<T, N>]>): RowBuilder<T, N, AT, EB, ER> {
    return addRows<T, N, AT, EB, ER>(this, rows);
  }
}

// biome-ignore lint/correctness/noUnusedVariables: the declarations of class and interface have to agree.
export interface RowBuilder<T, N extends readonly BinName<T>[], AT, out EB, out ER extends Results>
  extends Generation,
    Expiry {}

/**
 * The newest row of a table. Conditions, times to live and generations said here are for this row; the `default…` methods
 * are for all of them. Each row is a segment of a chain: verbs go on with it, and `index` counts the rows.
 */
export class RowBuilder<
  T,
  N extends readonly BinName<T>[],
  AT = T,
  out EB = never,
  out ER extends Results = never,
> extends KeyCommandBuilder<AT | T, EB | OperationBins<readonly [readonly [never, null]]>, ER | readonly [null]> {
  readonly #table: Table<T>;
  readonly #position: number;

  /** @internal */
  constructor(soFar: ChainSoFar<AT | T>, segment: Segment<AT | T>, table: Table<T>, position: number) {
    super(soFar, segment);
    this.#table = table;
    this.#position = position;
  }

  /** The next row; as {@link RowsBuilder.row}. */
  row(id: UserKey, ...values: RowValues<T, N>): RowBuilder<T, N, AT, EB, ER> {
    return addRow<T, N, AT, EB, ER>(() => this.continueWith("row"), this.#table, this.#position + 1, id, values);
  }

  /** The next rows; as {@link RowsBuilder.rows}. */
  rows(rows: Iterable<readonly [UserKey, ...RowValues<T, N>]>): RowBuilder<T, N, AT, EB, ER> {
    return addRows<T, N, AT, EB, ER>(this, rows);
  }
}

function addRows<T, N extends readonly BinName<T>[], AT, EB, ER extends Results>(
  first: Pick<RowsBuilder<T, N, AT, EB, ER>, "row">,
  rows: Iterable<readonly [UserKey, ...RowValues<T, N>]>,
): RowBuilder<T, N, AT, EB, ER> {
  if (typeof rows !== "object" || rows === null || !(Symbol.iterator in rows)) {
    throw new TypeError(`rows: expected an array of rows, or something else to iterate over, got ${describe(rows)}`);
  }
  let last: RowBuilder<T, N, AT, EB, ER> | undefined;
  for (const row of rows) {
    checkRow(row);
    const [id, ...values] = row;
    last = (last ?? first).row(id, ...values);
  }
  if (last === undefined) throw new TypeError("rows: there is no row; give one at least");
  return last;
}

/** @throws TypeError for anything but an array; a text, say, would be a row of its letters */
function checkRow(row: unknown): void {
  if (Array.isArray(row)) return;
  throw new TypeError(`rows: expected each row to be an array of a user key and values, got ${describe(row)}`);
}

takeMethods(RowBuilder, Generation, Expiry);

function addRow<T, N extends readonly BinName<T>[], AT, EB, ER extends Results>(
  continueChain: () => ChainSoFar<AT | T>,
  table: Table<T>,
  position: number,
  id: UserKey,
  values: readonly unknown[],
): RowBuilder<T, N, AT, EB, ER> {
  const { dataSet, verb, bins } = table;
  const place = `${verb.name}: row ${position}: `;
  if (values.length !== bins.length) {
    throw new TypeError(`${place}expected ${bins.length} values, for ${bins.join(", ")}, got ${values.length}`);
  }
  const key = dataSet.id(id);
  let ops: Op[];
  try {
    const given = binsOf("row", Object.fromEntries(bins.map((bin, i) => [bin, values[i]])));
    const { codec } = dataSet;
    ops = writtenBins(codec === undefined ? given : binsOf("row", codec.encodeBins(given, place, key)));
  } catch (error) {
    throw within(place, error);
  }
  if (ops.length === 0) throw new TypeError(`${place}every value is undefined, so there is nothing to write`);
  // Last: a row that is refused leaves the builder as it was.
  const soFar = continueChain();
  const segment = newSegment<AT | T>(verb, [key], soFar);
  if (ops.length > 1) addPut(segment, ops.length);
  segment.ops = ops;
  return new RowBuilder(soFar, segment, table, position);
}
