import { decodeBase64, encodeBase64 } from "../../protocol/bytes/base64.js";
import { Reader } from "../../protocol/bytes/reader.js";
import { checkIndexFilter } from "../../protocol/check/check-index-filter.js";
import { checkNamespace, checkSetName, checkUdfName } from "../../protocol/check/check-names.js";
import { checkTtl } from "../../protocol/check/check-numbers.js";
import { checkBackgroundOps } from "../../protocol/check/check-ops.js";
import type { IndexBounds, IndexFilter, IndexTarget } from "../../protocol/command/index-range.js";
import type { UdfCall } from "../../protocol/command/udf-call.js";
import { ExpWriteFlags, expressionWriteOp } from "../../protocol/exp/expression-op.js";
import { type Op, OpCode, type PayloadOp } from "../../protocol/message/op.js";
import { unpackValue } from "../../protocol/value/unpack.js";
import type { BackgroundIntent } from "../background/background-run.js";
import type { BackgroundWork } from "../background/background-work.js";
import type { JsonValue } from "../data/json.js";
import type { Exp } from "../exp/exp.js";
import { fromBytes } from "../exp/from-bytes.js";
import { Filter } from "../query/filter.js";
import { checkQueryHint, type QueryHint } from "../query/query-hint.js";
import { secondsUntil } from "../records/builders/time-to-live.js";
import type { JsonReader } from "./json-reader.js";
import { type Mark, markOf } from "./mark-options.js";
import { valueFromJson, valueToJson } from "./value-json.js";

/** What a campaign does to which records: all that is needed to do it in another process. */
export interface Definition {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  readonly kind: BackgroundWork["kind"];
  readonly action: BackgroundWork["action"];
  /** Seconds or one of TimeToLive, or the moment that records expire at, in ms since 1970. */
  readonly expiry: { readonly ttl: number } | { readonly at: number };
  readonly durableDelete: boolean;
  readonly where: Exp<"bool"> | undefined;
  readonly filter: Filter | undefined;
  readonly hint: QueryHint | undefined;
  readonly withoutIndex: boolean;
  readonly mark: Mark | undefined;
}

/** The definition of what a builder has collected. */
export function definitionOf(intent: BackgroundIntent, expiresAt: Date | undefined, mark?: Mark): Definition {
  const { namespace, setName, work, where, filter, hint, withoutIndex } = intent;
  return {
    namespace,
    setName,
    kind: work.kind,
    action: work.action,
    expiry: expiresAt === undefined ? { ttl: work.ttl } : { at: expiresAt.getTime() },
    durableDelete: work.durableDelete,
    where,
    filter,
    hint,
    withoutIndex,
    mark,
  };
}

/** The work, with the time to live as it is at this moment. @throws RangeError when that has passed */
export function workOf({ kind, action, expiry, durableDelete }: Definition, wallClock: number): BackgroundWork {
  const ttl = "ttl" in expiry ? expiry.ttl : secondsUntil(new Date(expiry.at), wallClock);
  return { kind, action, ttl, durableDelete };
}

export function definitionToJson(definition: Definition): JsonValue {
  const { namespace, setName, kind, action, expiry, durableDelete, where, filter, hint, withoutIndex, mark } =
    definition;
  return {
    namespace,
    setName,
    kind,
    ...(action.type === "udf" ? { udf: udfToJson(action.call) } : { ops: action.ops.map(opToJson) }),
    expiry,
    durableDelete,
    where: where === undefined ? null : encodeBase64(where.packed),
    filter: filter === undefined ? null : filterToJson(filter.index),
    hint: hint ?? null,
    withoutIndex,
    mark: mark ?? null,
  };
}

/** @throws TypeError that says what is wrong where */
export function definitionFromJson(reader: JsonReader): Definition {
  const names = ["update", "replace", "delete", "touch", "udf"] as const;
  const kind = reader.get("kind").oneOf(names);
  const namespace = reader.get("namespace").string(100);
  const setName = reader.get("setName").string(100);
  reader.within(() => {
    checkNamespace(namespace);
    if (setName !== "") checkSetName(setName);
  });
  const action: BackgroundWork["action"] =
    kind === "udf"
      ? { type: "udf", call: udfFromJson(reader.get("udf")) }
      : { type: "operations", ops: opsFromJson(reader.get("ops")) };
  return {
    namespace,
    setName,
    kind,
    action,
    expiry: expiryFromJson(reader.get("expiry")),
    durableDelete: reader.get("durableDelete").boolean(),
    where: reader.get("where").orNull(conditionFromJson) ?? undefined,
    filter: reader.get("filter").orNull(filterFromJson) ?? undefined,
    hint: reader.get("hint").orNull(hintFromJson) ?? undefined,
    withoutIndex: reader.get("withoutIndex").boolean(),
    mark: reader.get("mark").orNull(markFromJson) ?? undefined,
  };
}

function udfToJson({ package: packageName, function: functionName, args }: UdfCall): JsonValue {
  return { package: packageName, function: functionName, args: args.map(valueToJson) };
}

function udfFromJson(reader: JsonReader): UdfCall {
  const packageName = reader.get("package").string(200);
  const functionName = reader.get("function").string(200);
  reader.within(() => checkUdfName(packageName, functionName));
  return { package: packageName, function: functionName, args: reader.get("args").list(valueFromJson) };
}

function expiryFromJson(reader: JsonReader): Definition["expiry"] {
  if (reader.has("at")) return { at: reader.get("at").count() };
  const ttl: unknown = reader.get("ttl").raw();
  return reader.within(() => {
    checkTtl(ttl);
    return { ttl };
  });
}

function markFromJson(reader: JsonReader): Mark {
  const bin = reader.get("bin").string(100);
  const as = reader.get("as").oneOf(["map", "integer"]);
  const removeMarks = reader.get("removeMarks").boolean();
  return reader.within(() => markOf({ bin, as, removeMarks }));
}

function conditionFromJson(reader: JsonReader): Exp<"bool"> {
  return reader.within(() => {
    const expression = fromBytes(decodeBase64(reader.string()));
    if (expression.type !== "bool") throw reader.misfit("a condition");
    // Its type says so.
    return expression as Exp<"bool">;
  });
}

function hintFromJson(reader: JsonReader): QueryHint {
  const hint = reader.object();
  return reader.within(() => {
    checkQueryHint(hint);
    return hint;
  });
}

function opToJson(op: Op): JsonValue {
  const { code, bin } = op;
  if ("payload" in op) {
    const { payload, minVersion } = op;
    return { code, bin, payload: encodeBase64(payload), ...(minVersion !== undefined && { minVersion }) };
  }
  return "value" in op ? { code, bin, value: valueToJson(op.value) } : { code, bin };
}

function opsFromJson(reader: JsonReader): Op[] {
  const ops = reader.list(opFromJson);
  reader.within(() => checkBackgroundOps(ops));
  return ops;
}

function opFromJson(reader: JsonReader): Op {
  const code = reader.get("code").integer(0, 255);
  const bin = reader.get("bin").string(100);
  switch (code) {
    case OpCode.WRITE:
    case OpCode.INCR:
    case OpCode.APPEND:
    case OpCode.PREPEND:
      return { code, bin, value: valueFromJson(reader.get("value")) };
    case OpCode.TOUCH:
    case OpCode.DELETE_ALL:
      return { code, bin };
    case OpCode.EXP_MODIFY:
      return expressionWriteFromJson(bin, reader.get("payload"));
    case OpCode.CDT_MODIFY:
    case OpCode.BITS_MODIFY:
    case OpCode.HLL_MODIFY:
    case OpCode.STRING_MODIFY:
      return callFromJson(code, bin, reader);
    default:
      throw reader.get("code").misfit("the code of a write");
  }
}

const MOST_FLAGS = Object.values(ExpWriteFlags).reduce<number>((all, flag) => all | flag, 0);

/** Written again, as expressions of other makers are: canonical and guarded. The payload is a list of expression and flags. */
function expressionWriteFromJson(bin: string, reader: JsonReader): PayloadOp {
  const payload = reader.within(() => decodeBase64(reader.string()));
  const flags = payload.at(-1) ?? 0xff;
  if (payload[0] !== 0x92 || flags > MOST_FLAGS) throw reader.misfit("an expression and its flags");
  return reader.within(() => expressionWriteOp(bin, fromBytes(payload.slice(1, -1)), flags));
}

type CallCode =
  | typeof OpCode.CDT_MODIFY
  | typeof OpCode.BITS_MODIFY
  | typeof OpCode.HLL_MODIFY
  | typeof OpCode.STRING_MODIFY;

function callFromJson(code: CallCode, bin: string, reader: JsonReader): PayloadOp {
  const payload = reader.get("payload").within(() => decodeBase64(reader.get("payload").string()));
  const call: unknown = reader.get("payload").within(() => unpackValue(new Reader(payload)));
  if (!Array.isArray(call) || typeof call[0] !== "number") throw reader.get("payload").misfit("a call");
  if (!reader.has("minVersion")) return { code, bin, payload };
  return { code, bin, payload, minVersion: reader.get("minVersion").string(20) };
}

function filterToJson({ target, bounds, collection = "default" }: IndexFilter): JsonValue {
  return { target: targetToJson(target), bounds: boundsToJson(bounds), collection };
}

function targetToJson(target: IndexTarget): JsonValue {
  if ("indexName" in target) return { indexName: target.indexName };
  if ("expression" in target) return { expression: encodeBase64(target.expression) };
  const { bin, context } = target;
  return { bin, ...(context !== undefined && { context: encodeBase64(context) }) };
}

function boundsToJson(bounds: IndexBounds): JsonValue {
  switch (bounds.type) {
    case "integer":
      return { type: "integer", begin: String(bounds.begin), end: String(bounds.end) };
    case "blob":
      return { type: "blob", value: encodeBase64(bounds.value) };
    default:
      return { type: bounds.type, value: bounds.value };
  }
}

function filterFromJson(reader: JsonReader): Filter {
  const index: IndexFilter = {
    target: targetFromJson(reader.get("target")),
    bounds: boundsFromJson(reader.get("bounds")),
    collection: reader.get("collection").oneOf(["default", "list", "mapKeys", "mapValues"]),
  };
  return reader.within(() => {
    checkIndexFilter(index);
    return Filter.fromIndex(index);
  });
}

function targetFromJson(reader: JsonReader): IndexTarget {
  const bytes = (name: string): Uint8Array => reader.get(name).within(() => decodeBase64(reader.get(name).string()));
  if (reader.has("indexName")) return { indexName: reader.get("indexName").string(300) };
  if (reader.has("expression")) return { expression: bytes("expression") };
  return { bin: reader.get("bin").string(100), context: reader.has("context") ? bytes("context") : undefined };
}

function boundsFromJson(reader: JsonReader): IndexBounds {
  const type = reader.get("type").oneOf(["integer", "string", "blob", "geo"]);
  const value = reader.get("value");
  switch (type) {
    case "integer":
      return { type, begin: integerFromJson(reader.get("begin")), end: integerFromJson(reader.get("end")) };
    case "blob":
      return { type, value: value.within(() => decodeBase64(value.string())) };
    default:
      return { type, value: value.string() };
  }
}

function integerFromJson(reader: JsonReader): bigint {
  if (!/^-?\d{1,19}$/.test(reader.string(20))) throw reader.misfit("an integer in decimal digits");
  return BigInt(reader.string());
}
