import type { RecordKey } from "../../protocol/key/record-key.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { Double } from "../../protocol/value/double.js";
import { describe, InvalidValue } from "../../protocol/value/invalid-value.js";
import { setMember } from "../../protocol/value/unpack.js";
import type { SchemaFailure } from "../errors/errors.js";
import { SchemaError } from "../errors/schema-error.js";
import { isPromise } from "./is-promise.js";
import { describeIssue, type StandardSchema } from "./standard-schema.js";

/** What the options of a data set say of one bin. */
export interface BinRules {
  readonly schema: StandardSchema | undefined;
  readonly toBin: ((value: unknown) => unknown) | undefined;
  readonly fromBin: ((stored: unknown) => unknown) | undefined;
  /** Whether numbers are stored as DOUBLE. */
  readonly isDouble: boolean;
}

/** How records are objects of a class. */
export interface ObjectRules {
  readonly isObject: (value: unknown) => boolean;
  readonly toBins: (object: unknown) => unknown;
  readonly fromBins: (bins: unknown, key: unknown) => unknown;
}

export interface RecordRules {
  readonly bins: ReadonlyMap<string, BinRules>;
  /** Of whole records. */
  readonly schema: StandardSchema | undefined;
  readonly object: ObjectRules | undefined;
}

/** Bins by name, of what values nobody has looked at. */
export type BinValues = Readonly<Record<string, unknown>>;

/** Which bins were read: all, or the named ones. */
export type BinsRead = "all" | readonly string[];

/** Of which record, and for which call. */
interface Occasion {
  readonly direction: SchemaFailure["direction"];
  readonly key: RecordKey | undefined;
  /** Begins the message: `putMany: entry 3: `. */
  readonly place: string;
}

/**
 * What values of a data set's records become on their way to the server and back. Values are looked at by their schema
 * first and mapped then; on the way back the other way round. `null` and `undefined` are no values: they remove a bin, or
 * leave it alone.
 */
export class RecordCodec {
  /** Bins whose numbers are stored as DOUBLE; undefined when there are none. */
  readonly doubles: ReadonlySet<string> | undefined;
  readonly #rules: RecordRules;

  constructor(rules: RecordRules) {
    this.#rules = rules;
    const doubles = [...rules.bins].filter(([, { isDouble }]) => isDouble);
    this.doubles = doubles.length === 0 ? undefined : new Set(doubles.map(([bin]) => bin));
  }

  /** Whether it is of the class that records are read as. */
  isObject(record: unknown): boolean {
    return this.#rules.object?.isObject(record) === true;
  }

  /**
   * The bins of an object of the class that records are read as; anything else is returned as it is.
   * @throws SchemaError
   */
  binsOf(record: unknown, place: string, key?: RecordKey): unknown {
    const { object } = this.#rules;
    if (!object?.isObject(record)) return record;
    return this.#called(object.toBins, [record], "toBins", undefined, { direction: "writing", key, place });
  }

  /**
   * What is stored for a record that is written as a whole.
   * @throws SchemaError
   */
  encodeRecord(bins: BinValues, place: string, key?: RecordKey): BinValues {
    const on: Occasion = { direction: "writing", key, place };
    const { schema } = this.#rules;
    if (schema === undefined) return this.encodeBins(bins, place, key);
    const given = Object.fromEntries(Object.entries(bins).filter(([, value]) => value !== null && value !== undefined));
    const removed = Object.entries(bins).filter(([, value]) => value === null);
    const checked = this.#bins(this.#checked(schema, given, undefined, on), on);
    return this.encodeBins({ ...checked, ...Object.fromEntries(removed) }, place, key);
  }

  /**
   * What is stored for some bins.
   * @throws SchemaError
   */
  encodeBins(bins: BinValues, place: string, key?: RecordKey): BinValues {
    const stored: Record<string, unknown> = {};
    for (const [bin, value] of Object.entries(bins)) setMember(stored, bin, this.encodeBin(bin, value, place, key));
    return stored;
  }

  /**
   * What is stored for the value of a bin.
   * @throws SchemaError
   */
  encodeBin(bin: string, value: unknown, place = "", key?: RecordKey): unknown {
    const rules = this.#rules.bins.get(bin);
    if (rules === undefined || value === null || value === undefined) return value;
    const on: Occasion = { direction: "writing", key, place };
    const checked = rules.schema === undefined ? value : this.#checked(rules.schema, value, bin, on);
    if (checked === null || checked === undefined) return checked;
    const stored = rules.toBin === undefined ? checked : this.#called(rules.toBin, [checked], "toBin", bin, on);
    // A forgotten `return` would leave the bin as it was, without a word.
    if (stored === undefined) throw failure("toBin returned undefined", bin, on);
    return rules.isDouble && stored !== null ? asDouble(bin, stored) : stored;
  }

  /**
   * What a record's bins are read as. Bins that were read and are not there have the value that their schema has for them.
   * @throws SchemaError
   */
  decode(stored: BinValues, read: BinsRead, key: RecordKey): BinValues {
    const bins: Record<string, unknown> = {};
    for (const [bin, value] of Object.entries(stored)) setMember(bins, bin, this.decodeBin(bin, value, key));
    for (const bin of read === "all" ? this.#rules.bins.keys() : read) {
      if (Object.hasOwn(stored, bin)) continue;
      const value = this.decodeBin(bin, undefined, key);
      if (value !== undefined) setMember(bins, bin, value);
    }
    const { schema } = this.#rules;
    if (schema === undefined || read !== "all") return bins;
    const on: Occasion = { direction: "reading", key, place: "" };
    return this.#bins(this.#checked(schema, bins, undefined, on), on);
  }

  /**
   * What the value of a bin is read as.
   * @param stored undefined when the record has no such bin
   * @throws SchemaError
   */
  decodeBin(bin: string, stored: unknown, key: RecordKey): unknown {
    const rules = this.#rules.bins.get(bin);
    if (rules === undefined) return stored;
    const on: Occasion = { direction: "reading", key, place: "" };
    let value = stored;
    if (stored !== undefined) {
      if (rules.isDouble && typeof value === "bigint") value = Number(value);
      if (rules.fromBin !== undefined) value = this.#called(rules.fromBin, [value], "fromBin", bin, on);
    }
    return rules.schema === undefined ? value : this.#checked(rules.schema, value, bin, on);
  }

  /**
   * The object that a record's bins are read as.
   * @throws SchemaError when that fails; TypeError when the data set has no objects
   */
  toObject(bins: unknown, key: RecordKey): unknown {
    const { object } = this.#rules;
    if (object === undefined) throw new TypeError("toObject: the data set of the record declares no class of objects");
    return this.#called(object.fromBins, [bins, key], "fromBins", undefined, { direction: "reading", key, place: "" });
  }

  /**
   * The operation as it is to be sent; whole values have been encoded by then.
   * @throws TypeError for an operation on what is inside of a bin that is mapped
   */
  opOf(op: Op): Op {
    const rules = this.#rules.bins.get(op.bin);
    if (rules === undefined) return op;
    if (rules.toBin !== undefined && !WHOLE_VALUES.includes(op.code)) {
      throw new TypeError(
        `bin "${op.bin}": its values are mapped (toBin, fromBin), so it can be set, removed, read, and worked out by an expression; other operations would see what is stored`,
      );
    }
    return rules.isDouble && op.code === OpCode.INCR ? { ...op, value: asDouble(op.bin, op.value) } : op;
  }

  #checked(schema: StandardSchema, value: unknown, bin: string | undefined, on: Occasion): unknown {
    const standard = schema["~standard"];
    const result = this.#called((given: unknown) => standard.validate(given), [value], "its schema", bin, on);
    if (!isObject(result)) throw failure(`its schema returned ${describe(result)} instead of a result`, bin, on);
    const { issues, value: output } = result as { issues?: unknown; value?: unknown };
    if (issues === undefined) return output;
    if (!Array.isArray(issues) || issues.length === 0) throw failure("its schema refuses it without a reason", bin, on);
    throw failure(issues.map(describeIssue).join("; "), bin, on, { issues });
  }

  /** Calls what the user wrote. */
  #called(method: (...args: never[]) => unknown, args: unknown[], name: string, bin: string | undefined, on: Occasion) {
    let result: unknown;
    try {
      result = Reflect.apply(method, undefined, args);
    } catch (cause) {
      throw failure(`${name} threw ${cause instanceof Error ? cause.message : describe(cause)}`, bin, on, { cause });
    }
    if (!isPromise(result)) return result;
    // What becomes of it is nobody's business any more.
    result.then(undefined, () => undefined);
    throw failure(`${name} is asynchronous, and only what is synchronous can be used here`, bin, on);
  }

  /** What a schema of whole records made of one. */
  #bins(value: unknown, on: Occasion): BinValues {
    if (isObject(value)) return value;
    throw failure(`its schema made ${describe(value)} of it, which is no object of bins`, undefined, on);
  }
}

/** Operations that take or give a bin as a whole, or what an expression says. */
const WHOLE_VALUES: readonly number[] = [OpCode.READ, OpCode.WRITE, OpCode.EXP_READ, OpCode.EXP_MODIFY];

function failure(
  why: string,
  bin: string | undefined,
  { direction, key, place }: Occasion,
  details: { readonly cause?: unknown; readonly issues?: SchemaFailure["issues"] } = {},
): SchemaError {
  const subject = bin === undefined ? "the record" : `bin "${bin}"`;
  const verb = direction === "reading" ? "read" : "written";
  const { cause, issues = [] } = details;
  return new SchemaError(`${place}${subject} can't be ${verb}: ${why}`, {
    key,
    cause,
    schema: { direction, bin, issues },
  });
}

/** @throws InvalidValue for anything but a number */
function asDouble(bin: string, value: unknown): Double {
  if (value instanceof Double) return value;
  if (typeof value === "number") return new Double(value);
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return new Double(Number(value));
  throw new InvalidValue(
    `the data set stores it as DOUBLE, so it takes numbers, and bigints up to 2^53; got ${describe(value)}`,
    `bin "${bin}"`,
  );
}

function isObject(value: unknown): value is BinValues {
  return typeof value === "object" && value !== null;
}
