import { decodeBase64, encodeBase64 } from "../bytes/base64.js";
import { Reader } from "../bytes/reader.js";
import { Writer } from "../bytes/writer.js";
import { ProtocolError } from "../protocol-error.js";
import { InvalidValue } from "../value/invalid-value.js";
import { checkMapKey } from "../value/pack.js";
import { PackedHead, PackedType, takeHead } from "../value/packed-head.js";
import { unpackValue } from "../value/unpack.js";
import { ContextType, CTX, checkContext, packContext } from "./context.js";

// The context of a secondary index (field INDEX_CONTEXT, `context=` in base64): the array of steps, without create flags.

/** The context of an index. Throws TypeError when a step creates something or selects several places. */
export function packedContext(context: readonly CTX[]): Uint8Array {
  if (context.length === 0) throw new RangeError("The context of an index is empty; expected at least one step");
  checkContext(context);
  for (const step of context) {
    if (step.creates) throw new TypeError("The context of an index creates nothing: use CTX.listIndex or CTX.mapKey");
  }
  const w = new Writer(64);
  packContext(w, context);
  return w.copy();
}

/** Reads the context of an index back. Throws ProtocolError on anything else. */
export function unpackContext(bytes: Uint8Array): CTX[] {
  const r = new Reader(bytes);
  const head = new PackedHead();
  takeHead(r, head);
  if (head.type !== PackedType.LIST) throw new ProtocolError("a context is a list");
  const { count } = head;
  if (count === 0 || count % 2 !== 0)
    throw new ProtocolError(`a context holds ${count} items, not pairs of type and value`);
  const context: CTX[] = [];
  for (let i = 0; i < count; i += 2) context.push(readStep(r));
  if (r.left !== 0) throw new ProtocolError(`${r.left} bytes follow the end of a context`);
  return context;
}

export function contextToBase64(context: readonly CTX[]): string {
  return encodeBase64(packedContext(context));
}

/** Throws TypeError when the text is not base64, ProtocolError when the bytes are no context. */
export function contextFromBase64(text: string): CTX[] {
  return unpackContext(decodeBase64(text));
}

function readStep(r: Reader): CTX {
  const start = r.at;
  const type = r.u8();
  switch (type) {
    case ContextType.LIST_INDEX:
    case ContextType.LIST_RANK:
    case ContextType.LIST_VALUE:
    case ContextType.MAP_INDEX:
    case ContextType.MAP_RANK:
    case ContextType.MAP_KEY:
    case ContextType.MAP_VALUE: {
      const value = unpackValue(r);
      if (type === ContextType.MAP_KEY) checkKey(value);
      // The bytes are kept: a double such as 1.0 would come out of `value` as an integer.
      return new CTX(type, value, r.bytes.slice(start, r.at));
    }
    default:
      throw new ProtocolError(`a context of an index holds a step of unknown type 0x${type.toString(16)}`);
  }
}

/** A step that is read may be used to write, too, and a server creates whatever key it is given. */
function checkKey(key: unknown): void {
  try {
    checkMapKey(key);
  } catch (error) {
    throw error instanceof InvalidValue ? new ProtocolError(`a context holds a wrong key: ${error.message}`) : error;
  }
}
