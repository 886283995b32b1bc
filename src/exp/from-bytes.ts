import { tryDecodeBase64 } from "../../protocol/bytes/base64.js";
import { withoutGuards } from "../../protocol/exp/division-guard.js";
import type { ExpKind } from "../../protocol/exp/exp-type.js";
import { readExpression } from "../../protocol/exp/read.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { compareBytes } from "../../protocol/value/map-key.js";
import { isBytes } from "../../protocol/value/pack.js";
import { Expression } from "./expression.js";

/**
 * An expression from its packed bytes, made by this or another client. It is read and written again: the same bytes
 * come out when they were canonical, with guards around divisions that could bring a server down. What can't be guarded is
 * refused here, and not when the expression is used: so the error stands where the bytes came from.
 * @throws TypeError when the bytes are no expression, or one that must not be sent
 */
export function fromBytes(packed: Uint8Array): Expression<ExpKind> {
  return read(packed, "Exp.fromBytes");
}

/** An expression from base64, as `toBase64` gives it and indexes on expressions list it. */
export function fromBase64(text: string): Expression<ExpKind> {
  const bytes = typeof text === "string" ? tryDecodeBase64(text) : undefined;
  if (bytes === undefined) throw new TypeError(`Exp.fromBase64: expected base64, got ${describe(text)}`);
  return read(bytes, "Exp.fromBase64");
}

/**
 * What a method was given for an expression: one of this library's own, or an object with the packed bytes of another
 * maker, which are read first as {@link fromBytes} does. Undefined for anything else.
 */
export function asExpression(value: unknown): Expression<ExpKind> | undefined {
  if (value instanceof Expression) return value;
  if (typeof value !== "object" || value === null || !("packed" in value)) return undefined;
  const { packed } = value;
  return typeof packed === "object" && packed !== null && isBytes(packed) ? fromBytes(packed) : undefined;
}

function read(packed: Uint8Array, where: string): Expression<ExpKind> {
  try {
    const node = readExpression(packed);
    // Packed at once: variables are known only when all is read, and now is the time to complain.
    const exp = new Expression(node);
    const plain = new Expression(withoutGuards(node));
    return compareBytes(plain.packed, exp.packed) === 0 ? plain : exp;
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof TypeError || error instanceof RangeError) {
      throw new TypeError(`${where}: ${error.message}`);
    }
    throw error;
  }
}
