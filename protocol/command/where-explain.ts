import { Reader } from "../bytes/reader.js";
import { encodeUtf8 } from "../bytes/utf8.js";
import type { Writer } from "../bytes/writer.js";
import { type ErrorDetailLevel, errorDetailBits } from "../message/error-details.js";
import { FieldType } from "../message/field-type.js";
import { Info1 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import { beginMessage } from "../message/message-writer.js";
import { ProtocolError } from "../protocol-error.js";
import { ResultCode } from "../result-code.js";
import { ParticleType } from "../value/particle-type.js";
import type { Command } from "./command.js";
import type { IndexBounds, IndexCollection, IndexFilter } from "./index-range.js";
import { refuse } from "./record-reply.js";

// Asks a server from 8.2 which index it would take for a condition, without starting a query:
//   info1 READ · NAMESPACE · [SET] · WHERE: u8 flags · text of the condition · [INDEX_NAME: the one to prefer]
// The reply, one message:
//   0    INDEX_NAME · INDEX_TYPE u8 · INDEX_RANGE: the range, with the bin's name in it, strings, blobs and geometries once
//        or nothing: all records
//   27   no record fulfils the condition
//   201  no index does, where one was asked for, or not the one that was

const ExplainFlag = { EXPLAIN: 2, REQUIRE_INDEX: 4, HARD_HINT: 8 } as const;

const COLLECTIONS: readonly IndexCollection[] = ["default", "list", "mapKeys", "mapValues"];

/** What a server is asked to plan. */
export interface WhereExplanation {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** The condition, in the server's own expression language. */
  readonly text: string;
  /** An index to prefer. */
  readonly indexName?: string | undefined;
  /** Whether another index than the one to prefer is an error. */
  readonly isHardHint?: boolean | undefined;
  /** Whether going through all records is an error. */
  readonly requireIndex?: boolean | undefined;
  readonly errorDetails?: ErrorDetailLevel | undefined;
}

/** How a server would go to the records that fulfil a condition. */
export type WherePlan =
  /** Through this range of an index, which is found by its name. */
  | { readonly type: "index"; readonly range: IndexFilter; readonly indexName: string; readonly binName: string }
  /** Through all records. */
  | { readonly type: "scan" }
  /** Not at all: there can be none. */
  | { readonly type: "nothing" };

/** Servers before 8.2 must never be asked: they overlook the field of the condition. */
export class WhereExplainCommand implements Command<WherePlan> {
  readonly name = "explain";
  readonly isWrite = false;
  readonly #question: WhereExplanation;

  constructor(question: WhereExplanation) {
    this.#question = question;
  }

  get namespace(): string {
    return this.#question.namespace;
  }

  get setName(): string {
    return this.#question.setName;
  }

  encode(w: Writer, timeoutMs: number): void {
    const { namespace, setName, text, indexName, isHardHint, requireIndex, errorDetails } = this.#question;
    const m = beginMessage(w, { info1: Info1.READ, info4: errorDetailBits(errorDetails), transactionTtl: timeoutMs });
    m.textField(FieldType.NAMESPACE, namespace);
    if (setName !== "") m.textField(FieldType.SET, setName);
    const flags =
      ExplainFlag.EXPLAIN |
      (requireIndex === true ? ExplainFlag.REQUIRE_INDEX : 0) |
      (isHardHint === true ? ExplainFlag.HARD_HINT : 0);
    const at = m.beginField(FieldType.WHERE);
    m.writer.u8(flags);
    m.writer.bytes(encodeUtf8(text));
    m.endField(at);
    if (indexName !== undefined) m.textField(FieldType.INDEX_NAME, indexName);
    m.finish();
  }

  decode(message: MessageReader): WherePlan {
    if (message.resultCode === ResultCode.FILTERED_OUT) {
      while (message.nextField()) message.reader.skip(message.size);
      return { type: "nothing" };
    }
    if (message.resultCode !== ResultCode.OK) refuse(message);
    return readPlan(message);
  }
}

function readPlan(message: MessageReader): WherePlan {
  let indexName: string | undefined;
  let collection: IndexCollection | undefined;
  let range: Uint8Array | undefined;
  while (message.nextField()) {
    const { reader, size } = message;
    if (message.fieldType === FieldType.INDEX_NAME) indexName = reader.utf8(size);
    else if (message.fieldType === FieldType.INDEX_TYPE) collection = COLLECTIONS[reader.u8()];
    else if (message.fieldType === FieldType.INDEX_RANGE) range = reader.copy(size);
    else reader.skip(size);
  }
  if (indexName === undefined && range === undefined) return { type: "scan" };
  if (indexName === undefined || range === undefined || indexName === "")
    throw new ProtocolError("a plan names an index without its range, or a range without its index");
  const { binName, bounds } = readRange(range);
  return { type: "index", indexName, binName, range: { target: { indexName }, bounds, collection } };
}

function readRange(field: Uint8Array): { readonly binName: string; readonly bounds: IndexBounds } {
  const r = new Reader(field);
  const ranges = r.u8();
  if (ranges !== 1) throw new ProtocolError(`a plan has ${ranges} ranges, not 1`);
  const binName = r.utf8(r.u8());
  return { binName, bounds: readBounds(r) };
}

function readBounds(r: Reader): IndexBounds {
  const type = r.u8();
  switch (type) {
    case ParticleType.INTEGER: {
      const begin = readInteger(r);
      return { type: "integer", begin, end: readInteger(r) };
    }
    case ParticleType.STRING:
      return { type: "string", value: r.utf8(r.u32()) };
    case ParticleType.BLOB:
      return { type: "blob", value: r.copy(r.u32()) };
    case ParticleType.GEOJSON:
      return { type: "geo", value: r.utf8(r.u32()) };
    default:
      throw new ProtocolError(`a plan has a range of type ${type}`);
  }
}

function readInteger(r: Reader): bigint {
  const size = r.u32();
  if (size !== 8) throw new ProtocolError(`an integer of a plan has ${size} bytes, not 8`);
  return r.i64();
}
