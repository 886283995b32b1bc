import { checkBinName } from "../check/check-names.js";
import { checkOps } from "../check/check-ops.js";
import { errorDetailBits } from "../message/error-details.js";
import { Info1, Info2 } from "../message/flags.js";
import { isReadAll, isReadOp, type Op, OpCode } from "../message/op.js";
import { ResultCode } from "../result-code.js";
import type { DecodeOptions, Value } from "../value/value.js";
import { type ReadPolicy, readInfo1, readInfo3 } from "./read-policy.js";
import type { TxnPart } from "./txn-part.js";
import type { UdfCall } from "./udf-call.js";
import {
  type RecordExistsAction,
  type WriteOptions,
  type WritePolicy,
  writeInfo2,
  writeInfo3,
  writeInfo4,
} from "./write-policy.js";

// What each operation sets in the header, and the ops that follow:
//   read all bins    info1 READ | GET_ALL        no ops
//   read some bins   info1 READ                  a READ op for each
//   header, exists   info1 READ | GET_NO_BINS    no ops
//   write            info2 WRITE                 a WRITE op for each bin
//   operate          info1 READ when an op reads, GET_ALL when one reads all
//                    info2 WRITE when an op writes, RESPOND_ALL_OPS                the ops
//   remove           info2 WRITE | DELETE        no ops
//   touch            info2 WRITE                 one TOUCH op without name and value
//   udf              info2 WRITE                 no ops, but the fields of udf-call.ts
// Reads add their read mode to info1 and info3 and have the read-touch percentage for a time to live. Writes add what is
// to become of existing and missing records, commit level, generation and time to live.

/** Bins to write by name; `null` removes a bin, `undefined` counts as absent. */
export type BinsToWrite = Readonly<Record<string, Value | undefined>>;

/**
 * What a successful reply carries besides its header:
 * - `"nothing"`: nothing that is of use
 * - `"bins"`: a record's bins
 * - `"results"`: a row for each operation
 * - `"returned"`: what a Lua function returned
 */
export type ReplyContent = "nothing" | "bins" | "results" | "returned";

/**
 * What is done to one record: plain data, apart from which record it is and from how it travels. The same operation is
 * sent as a command of its own or as a row of a batch.
 */
export interface RecordOperation {
  /** In errors and events: "get", "upsert", "delete". */
  readonly name: string;
  readonly isWrite: boolean;
  readonly info1: number;
  readonly info2: number;
  readonly info3: number;
  readonly info4: number;
  /** The generation to compare with, where info2 asks for that. */
  readonly generation: number;
  /** Writes: seconds, or one of the special values. Reads: the read-touch percentage. */
  readonly recordTtl: number;
  /** Whether the user key travels beside the digest. */
  readonly sendKey: boolean;
  /** A packed filter expression: a record that it does not pass is left alone, with FILTERED_OUT (27). */
  readonly filter: Uint8Array | undefined;
  readonly ops: readonly Op[];
  /** Whole bins to write; there are no `ops` then. */
  readonly bins: BinsToWrite | undefined;
  /** A Lua function to call; there are no `ops` then. */
  readonly udf: UdfCall | undefined;
  /** What it has of the transaction that it is part of. */
  readonly txn: TxnPart | undefined;
  /** Whether a write that may have happened can be sent again: done twice, it is as if it was done once. */
  readonly isRepeatable: boolean;
  readonly expects: ReplyContent;
  /** Result codes besides OK that are no failures. */
  readonly accepts: readonly number[];
  /** How values come back. */
  readonly decode: DecodeOptions | undefined;
}

/** What can be said about any operation. */
export interface OperationOptions {
  /** Default: the name of the function that makes the operation. */
  readonly name?: string | undefined;
  readonly filter?: Uint8Array | undefined;
  /** Default: none, and KEY_NOT_FOUND (2) for `exists` and `remove`. */
  readonly accepts?: readonly number[] | undefined;
}

export interface OperateOptions extends OperationOptions, WriteOptions {
  /**
   * A result row for every op, TOUCH aside, which `readReply` adds, so that results line up with ops. Default true; a read-all switches it off,
   * as servers refuse both together.
   */
  readonly respondAllOps?: boolean | undefined;
}

const NO_OPS: readonly Op[] = [];
const TOUCH: readonly Op[] = [{ code: OpCode.TOUCH, bin: "" }];
const NONE: readonly number[] = [];
const MISSING: readonly number[] = [ResultCode.KEY_NOT_FOUND];
const DEFAULTS: ReadPolicy & WritePolicy & OperateOptions = {};

const VERBS: Readonly<Record<RecordExistsAction, string>> = {
  update: "upsert",
  updateOnly: "update",
  createOnly: "insert",
  replace: "replace",
  replaceOnly: "replaceIfExists",
};

/**
 * Reads a record, all bins or the named ones.
 * @param binNames the bins to read, at least one; undefined for all
 * @throws TypeError or RangeError when a bin has a bad name
 */
export function read(
  binNames?: readonly string[],
  policy: ReadPolicy = DEFAULTS,
  options: OperationOptions = DEFAULTS,
): RecordOperation {
  const operation = beginRead("get", policy, options);
  operation.expects = "bins";
  if (binNames === undefined) operation.info1 |= Info1.GET_ALL;
  else operation.ops = readOps(binNames);
  return operation;
}

/** Reads a record's generation and void-time without its bins. */
export function readHeader(policy: ReadPolicy = DEFAULTS, options: OperationOptions = DEFAULTS): RecordOperation {
  const operation = beginRead("get header", policy, options);
  operation.info1 |= Info1.GET_NO_BINS;
  return operation;
}

/** Asks whether a record exists. */
export function exists(policy: ReadPolicy = DEFAULTS, options: OperationOptions = DEFAULTS): RecordOperation {
  const operation = beginRead("exists", policy, options);
  operation.info1 |= Info1.GET_NO_BINS;
  operation.accepts = options.accepts ?? MISSING;
  return operation;
}

/** Writes whole bins. Names and values are checked when it is encoded. */
export function write(
  bins: BinsToWrite,
  policy: WritePolicy = DEFAULTS,
  options: OperationOptions & WriteOptions = DEFAULTS,
): RecordOperation {
  const operation = beginWrite(VERBS[options.recordExists ?? "update"], policy, options);
  operation.bins = bins;
  return operation;
}

/**
 * Several ops, done in order and all or none.
 * @throws TypeError or RangeError when the ops are none, too many, badly named or can't be combined
 */
export function operate(
  ops: readonly Op[],
  policy: ReadPolicy & WritePolicy = DEFAULTS,
  options: OperateOptions = DEFAULTS,
): RecordOperation {
  checkOps(ops);
  let reads = false;
  let readsAll = false;
  let writes = false;
  for (const op of ops) {
    if (!isReadOp(op)) writes = true;
    else if (isReadAll(op)) readsAll = true;
    else reads = true;
  }
  const operation = writes ? beginWrite("operate", policy, options) : beginRead("operate", policy, options);
  if (reads || readsAll) operation.info1 |= Info1.READ | readInfo1(policy);
  if (readsAll) operation.info1 |= Info1.GET_ALL;
  else if (options.respondAllOps !== false) operation.info2 |= Info2.RESPOND_ALL_OPS;
  operation.ops = ops;
  operation.expects = "results";
  operation.decode = policy.decode;
  return operation;
}

/** Deletes a record; KEY_NOT_FOUND (2) says that there was none. */
export function remove(
  policy: WritePolicy = DEFAULTS,
  options: OperationOptions & WriteOptions = DEFAULTS,
): RecordOperation {
  const operation = beginWrite("delete", policy, options);
  operation.info2 |= Info2.DELETE;
  operation.accepts = options.accepts ?? MISSING;
  return operation;
}

/** Renews a record's time to live and raises its generation. */
export function touch(
  policy: WritePolicy = DEFAULTS,
  options: OperationOptions & WriteOptions = DEFAULTS,
): RecordOperation {
  const operation = beginWrite("touch", policy, options);
  operation.ops = TOUCH;
  return operation;
}

/**
 * Runs a Lua function on a record. Its reply has one bin: SUCCESS with the returned value, or with result code 100
 * FAILURE with a text. Servers refuse generation and record-exists flags on it.
 */
export function udf(
  call: UdfCall,
  policy: WritePolicy & Pick<ReadPolicy, "decode"> = DEFAULTS,
  options: OperationOptions & Pick<WriteOptions, "ttl" | "durableDelete"> = DEFAULTS,
): RecordOperation {
  const operation = beginWrite("udf", policy, options);
  operation.udf = call;
  operation.expects = "returned";
  operation.decode = policy.decode;
  return operation;
}

/** An operation while it is put together. Its properties are all there from the start, so that all have one shape. */
type Draft = { -readonly [P in keyof RecordOperation]: RecordOperation[P] };

function beginRead(name: string, policy: ReadPolicy, options: OperationOptions): Draft {
  return {
    name: options.name ?? name,
    isWrite: false,
    info1: Info1.READ | readInfo1(policy),
    info2: 0,
    info3: readInfo3(policy),
    info4: errorDetailBits(policy.errorDetails),
    generation: 0,
    recordTtl: policy.readTouchTtlPercent ?? 0,
    sendKey: policy.sendKey === true,
    filter: options.filter,
    ops: NO_OPS,
    bins: undefined,
    udf: undefined,
    txn: undefined,
    isRepeatable: false,
    expects: "nothing",
    accepts: options.accepts ?? NONE,
    decode: policy.decode,
  };
}

function beginWrite(name: string, policy: WritePolicy, options: OperationOptions & WriteOptions): Draft {
  return {
    name: options.name ?? name,
    isWrite: true,
    info1: 0,
    info2: writeInfo2(options),
    info3: writeInfo3(policy, options),
    info4: writeInfo4(options) | errorDetailBits(policy.errorDetails),
    generation: options.generation?.generation ?? 0,
    recordTtl: options.ttl ?? 0,
    sendKey: policy.sendKey === true,
    filter: options.filter,
    ops: NO_OPS,
    bins: undefined,
    udf: undefined,
    txn: undefined,
    isRepeatable: false,
    expects: "nothing",
    accepts: options.accepts ?? NONE,
    decode: undefined,
  };
}

function readOps(binNames: readonly string[]): readonly Op[] {
  if (binNames.length === 0) {
    throw new TypeError("The list of bin names is empty: name a bin, or leave the list out to read all");
  }
  return binNames.map((bin) => {
    checkBinName(bin);
    return { code: OpCode.READ, bin };
  });
}
