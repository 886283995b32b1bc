import type { Reader } from "../bytes/reader.js";
import { DIGEST_SIZE } from "../key/digest.js";
import type { UserKey } from "../key/record-key.js";
import { FieldType } from "../message/field-type.js";
import type { MessageReader } from "../message/message-reader.js";
import type { Op } from "../message/op.js";
import { ProtocolError } from "../protocol-error.js";
import { ParticleType } from "../value/particle-type.js";
import type { DecodeOptions } from "../value/value.js";
import { binsOfResults, type OpResult, type RecordData, readBins, readOpResults } from "./record-reply.js";

// A row of a query: a message with result 0
//   fields: NAMESPACE · DIGEST · [SET] · [KEY, when one is stored] · [BVAL_ARRAY: one i64 LE, index queries]
//   ops: the bins, or a result for each operation

/** Where a row stands in the order in which a node goes through its partition: what the query can be resumed after. */
export interface RowPosition {
  readonly digest: Uint8Array;
  /** The index entry that led to the record; undefined in scans. */
  readonly bval: bigint | undefined;
}

/** A record that a query found. */
export interface QueryRow extends RecordData, RowPosition {
  readonly namespace: string;
  readonly setName: string;
  /** Undefined when the record was written without its key. */
  readonly userKey: UserKey | undefined;
  /** What the operations of the query returned, in their order; undefined when it has none. */
  readonly results: readonly OpResult[] | undefined;
}

/**
 * Reads the fields and ops of a row.
 * @param ops the operations of the query, of which a row has as many results; none where it reads bins
 */
export function readQueryRow(message: MessageReader, options?: DecodeOptions, ops: readonly Op[] = NO_OPS): QueryRow {
  let namespace = "";
  let setName = "";
  let digest: Uint8Array | undefined;
  let userKey: UserKey | undefined;
  let bval: bigint | undefined;
  while (message.nextField()) {
    const { reader, size } = message;
    switch (message.fieldType) {
      case FieldType.NAMESPACE:
        namespace = message.names.read(reader, size);
        break;
      case FieldType.SET:
        setName = message.names.read(reader, size);
        break;
      case FieldType.DIGEST:
        checkDigestSize(size);
        digest = reader.copy(size);
        break;
      case FieldType.KEY:
        userKey = readUserKey(reader, size);
        break;
      case FieldType.BVAL_ARRAY:
        bval = readBval(reader, size);
    }
  }
  if (digest === undefined) throw new ProtocolError(NO_DIGEST);
  const { generation, recordTtl: voidTime } = message;
  const results = ops.length === 0 ? undefined : readOpResults(message, options, ops);
  if (results !== undefined && results.length !== ops.length) {
    throw new ProtocolError(`a row of a query has ${results.length} results of ${ops.length} operations`);
  }
  const bins = results === undefined ? readBins(message, options) : binsOfResults(results);
  return { namespace, setName, digest, userKey, bval, generation, voidTime, bins, results };
}

const NO_OPS: readonly Op[] = [];
const NO_DIGEST = "a row of a query has no digest";

/**
 * Reads the fields of rows as far as they say where each stands. It is itself the position of the row that was read last:
 * a count reads millions, and makes nothing for each.
 */
export class RowPositionReader implements RowPosition {
  /** The same bytes for every row. */
  readonly digest = new Uint8Array(DIGEST_SIZE);
  bval: bigint | undefined = undefined;
  #hasDigest = false;

  read(message: MessageReader): void {
    this.#hasDigest = false;
    this.bval = undefined;
    while (message.nextField()) {
      const { fieldType, reader, size } = message;
      if (fieldType === FieldType.DIGEST) this.#readDigest(reader, size);
      else if (fieldType === FieldType.BVAL_ARRAY) this.bval = readBval(reader, size);
    }
    if (!this.#hasDigest) throw new ProtocolError(NO_DIGEST);
  }

  #readDigest(data: Reader, size: number): void {
    checkDigestSize(size);
    const { bytes, at } = data;
    for (let i = 0; i < DIGEST_SIZE; i++) this.digest[i] = bytes[at + i]!;
    this.#hasDigest = true;
  }
}

function checkDigestSize(size: number): void {
  if (size !== DIGEST_SIZE) throw new ProtocolError(`a digest of ${size} bytes`);
}

function readBval(data: Reader, size: number): bigint {
  if (size !== 8) throw new ProtocolError(`an index entry of ${size} bytes`);
  return data.i64le();
}

/** Undefined for the doubles that some clients allow as keys: such a key could not be made here. */
function readUserKey(data: Reader, size: number): UserKey | undefined {
  if (size < 1) throw new ProtocolError("a key of no bytes");
  switch (data.u8()) {
    case ParticleType.INTEGER:
      if (size !== 9) throw new ProtocolError(`an integer key of ${size - 1} bytes`);
      return data.integer();
    case ParticleType.STRING:
      return data.utf8(size - 1);
    case ParticleType.BLOB:
      return data.copy(size - 1);
    default:
      return undefined;
  }
}
