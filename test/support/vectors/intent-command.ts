import type { RecordCommand } from "../../../protocol/command/command.js";
import { makeKey, makeKeyFromDigest } from "../../../protocol/key/make-key.js";
import type { RecordKey } from "../../../protocol/key/record-key.js";
import { type Op, OpCode, type ValueOp } from "../../../protocol/message/op.js";
import type { Value } from "../../../protocol/value/value.js";
import {
  deleteCommand,
  existsCommand,
  operateCommand,
  readCommand,
  udfCommand,
  writeCommand,
} from "../record-commands.js";
import { type Entry, fromHex, type IntentKey, type IntentOp } from "./entry.js";
import { policyOf } from "./intent-policy.js";
import { isPayloadCode, type RecordedRequest, recordedRequest } from "./recorded-request.js";
import { type Typed, toValue } from "./typed-value.js";

const VALUE_OPS: Readonly<Record<string, ValueOp["code"]>> = {
  write: OpCode.WRITE,
  add: OpCode.INCR,
  append: OpCode.APPEND,
  prepend: OpCode.PREPEND,
};

/**
 * The command on one record that an intent asks for; undefined when the intent is none, or asks for a value that this
 * client never writes. Throws what the command's constructor throws.
 */
export function recordCommandOf(entry: Entry): RecordCommand<unknown> | undefined {
  const { intent } = entry;
  const key = intent.key && keyOf(intent.key);
  if (key === undefined) return undefined;
  const recorded = recordedRequest(entry);
  const policy = policyOf(entry, recorded);
  switch (intent.command) {
    case "put": {
      const bins = binsOf(intent.bins ?? []);
      return bins && writeCommand(key, bins, policy);
    }
    case "get":
      return readCommand(key, undefined, policy);
    case "select":
      return readCommand(key, intent.bins?.map(String), policy);
    case "exists":
      return existsCommand(key, policy);
    case "remove":
      return deleteCommand(key, policy);
    case "operate": {
      const ops = opsOf(intent.ops ?? [], recorded);
      return ops && operateCommand(key, ops, policy);
    }
    case "apply": {
      const { module = "", function: name = "", args = [] } = intent.udf ?? {};
      const values = valuesOf(args);
      return values && udfCommand(key, { package: module, function: name, args: values }, policy);
    }
    default:
      return undefined;
  }
}

export function keyOf({ ns, set = "", key, digest }: IntentKey): RecordKey | undefined {
  if (digest !== undefined) return makeKeyFromDigest(ns, set, fromHex(digest));
  const value = key && toValue(key);
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint")
    return makeKey(ns, set, value);
  return value instanceof Uint8Array ? makeKey(ns, set, value) : undefined;
}

export function valuesOf(typed: readonly Typed[]): Value[] | undefined {
  const values: Value[] = [];
  for (const item of typed) {
    const value = toValue(item);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** Ops by their intents; payloads of collection, bit, sketch and expression ops as they were recorded. */
export function opsOf(intents: readonly IntentOp[], recorded: RecordedRequest): Op[] | undefined {
  const ops: Op[] = [];
  for (const [at, intent] of intents.entries()) {
    const op = opOf(intent, recorded.codes[at], recorded.payloads[at]);
    if (op === undefined) return undefined;
    ops.push(op);
  }
  return ops;
}

function opOf(intent: IntentOp, code: number | undefined, payload: Uint8Array | undefined): Op | undefined {
  const bin = intent.binHex === undefined ? (intent.bin ?? "") : Buffer.from(intent.binHex, "hex").toString("utf8");
  const valueCode = VALUE_OPS[intent.op];
  if (valueCode !== undefined) {
    const value = intent.value && toValue(intent.value);
    return value === undefined ? undefined : { code: valueCode, bin, value };
  }
  switch (intent.op) {
    case "read":
      return bin === "" ? { code: OpCode.READ, bin, all: true } : { code: OpCode.READ, bin };
    case "touch":
      return { code: OpCode.TOUCH, bin: "" };
    case "delete":
      return { code: OpCode.DELETE_ALL, bin: "" };
    case "raw":
      return undefined;
    default:
      return code !== undefined && payload !== undefined && isPayloadCode(code) ? { code, bin, payload } : undefined;
  }
}

function binsOf(bins: NonNullable<Entry["intent"]["bins"]>): Record<string, Value> | undefined {
  const values: Record<string, Value> = {};
  for (const bin of bins) {
    const value = typeof bin === "string" ? undefined : toValue(bin[1]);
    const name = bin[0] ?? "";
    if (value === undefined || name in values) return undefined;
    values[name] = value;
  }
  return values;
}
