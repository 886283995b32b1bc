import { inspect } from "node:util";
import { Reader } from "../../protocol/bytes/reader.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { integerOf, PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { type RandomOperation, rowsOf, type Step } from "./step.js";

// What a step asks for, in words short enough to see a mistake in.

const NAMES = new Map<number, string>(Object.entries(OpCode).map(([name, code]) => [code, name]));

export function describeStep(step: Step): string {
  const rows = rowsOf(step).map(({ record, operation }) => `record ${record} ${describeOperation(operation)}`);
  return step.kind === "single"
    ? (rows[0] ?? "")
    : `batch${step.inline ? "" : " (not inline)"}: ${rows.join("\n     ")}`;
}

function describeOperation({ verb, ops, bins, how }: RandomOperation): string {
  const { filter, ...others } = how;
  const conditions = [
    ...(Object.keys(others).length === 0 ? [] : [inspect(others, { breakLength: Number.POSITIVE_INFINITY })]),
    ...(filter === undefined ? [] : [`where ${describePacked(filter)}`]),
  ];
  const parts = [verb, ...(bins ?? []), ...conditions, ...ops.map((op) => `\n       ${describeOp(op)}`)];
  return parts.join(" ");
}

function describeOp(op: Op): string {
  const name = `${NAMES.get(op.code) ?? op.code} "${op.bin}"`;
  if ("payload" in op) return `${name} ${describePacked(op.payload)}`;
  return "value" in op ? `${name} ${inspect(op.value, { depth: 6, breakLength: Number.POSITIVE_INFINITY })}` : name;
}

/** MessagePack as text: `[127 2 0 [16] [81 4 "l"]]`. */
export function describePacked(bytes: Uint8Array): string {
  const head = new PackedHead();
  const end = bytes.length;
  let at = 0;
  const value = (): string => {
    if (!head.read(bytes, at, end)) throw new RangeError(`no value at ${at}`);
    const { type, count, content, length } = head;
    at = head.next;
    switch (type) {
      case PackedType.NIL:
        return "nil";
      case PackedType.FALSE:
        return "false";
      case PackedType.TRUE:
        return "true";
      case PackedType.INTEGER:
      case PackedType.NEGATIVE_INTEGER:
        return String(integerOf(head));
      case PackedType.DOUBLE: {
        const r = new Reader(bytes, content);
        return `${length === 8 ? r.f64() : r.f32()}d`;
      }
      case PackedType.LIST:
        return `[${Array.from({ length: count }, value).join(" ")}]`;
      case PackedType.MAP:
        return `{${Array.from({ length: count }, () => `${value()}: ${value()}`).join(", ")}}`;
      case PackedType.WILDCARD:
        return "*";
      case PackedType.INFINITY:
        return "inf";
      case PackedType.EXTENSION:
        return `<marker ${head.extensionType}>`;
      default: {
        const text = Buffer.from(bytes.subarray(content, content + length));
        // Names of bins and variables have no byte for their type.
        if (type === PackedType.STRING) return JSON.stringify(text.toString("utf8", 1));
        return /^[a-z]\w*$/.test(text.toString("latin1")) ? text.toString() : `<${text.toString("hex")}>`;
      }
    }
  };
  return value();
}
