import { encodeBase64 } from "../../protocol/bytes/base64.js";
import { Writer } from "../../protocol/bytes/writer.js";
import type { ExpKind } from "../../protocol/exp/exp-type.js";
import type { ExpNode } from "../../protocol/exp/node.js";
import { packNode } from "../../protocol/exp/pack.js";
import type { PackedExpression } from "../../protocol/exp/packed-expression.js";
import { resolveExpression } from "../../protocol/exp/resolve.js";
import { neededVersion } from "../../protocol/exp/version.js";

/** The server's own bound on a compiled expression; what is larger packed can only be larger compiled. */
const MAX_BYTES = 1024 * 1024;

const writer = new Writer(1024);

/**
 * An expression: a filter, a value to store or to read, an index, worked out by the server record by record.
 * Built by the factories of {@link Exp}, from text by `parseAel`, or from base64. It never changes.
 *
 * `T` is the type of its value, so that a string compared with an integer does not compile.
 */
export class Expression<out T extends ExpKind = ExpKind> implements PackedExpression {
  #node: ExpNode | (() => ExpNode);
  #packed: Uint8Array | (() => Uint8Array) | undefined;

  /** @internal Use the factories of Exp. */
  constructor(node: ExpNode | (() => ExpNode), packed?: Uint8Array | (() => Uint8Array)) {
    this.#node = node;
    this.#packed = packed;
  }

  /** The expression as plain data, for tools that look inside. */
  get node(): ExpNode {
    if (typeof this.#node === "function") this.#node = this.#node();
    return this.#node;
  }

  /** The type of its value; undefined while it hangs on a variable that is defined further out. */
  get type(): T | undefined {
    // The static type is what the factory said; the tree agrees.
    return (this.node.type ?? resolvedType(this.node)) as T | undefined;
  }

  /**
   * The bytes that travel: canonical MessagePack, made once and kept; don't change them.
   * Throws TypeError when a variable is not defined, types do not fit once variables are known, or the expression is
   * larger than the 1 MiB that servers take.
   */
  get packed(): Uint8Array {
    if (typeof this.#packed === "function") this.#packed = this.#packed();
    this.#packed ??= packWhole(this.node);
    return this.#packed;
  }

  /** The oldest server that understands it, such as `"6.0"` or `"8.1.2"`. */
  get minVersion(): string {
    return neededVersion(this.node).version;
  }

  /** What in it needs that server, in words. @internal */
  get neededFor(): string {
    return neededVersion(this.node).feature;
  }

  /** The packed bytes in base64, as indexes on expressions and other clients take them. */
  toBase64(): string {
    return encodeBase64(this.packed);
  }

  /**
   * The code that makes the same expression, `Exp.fromBase64("…")`. For readable text there is `aelOf`: whoever never
   * prints an expression need not load what does.
   */
  toString(): string {
    try {
      return `Exp.fromBase64("${this.toBase64()}")`;
    } catch (error) {
      if (error instanceof TypeError) return "Exp";
      throw error;
    }
  }
}

/** The type that shows once variables are looked up; undefined while one is defined further out. */
function resolvedType(node: ExpNode): ExpKind | undefined {
  try {
    return resolveExpression(node).type;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function packWhole(node: ExpNode): Uint8Array {
  writer.rewind(0);
  packNode(writer, resolveExpression(node));
  if (writer.length > MAX_BYTES) {
    throw new TypeError(`The expression has ${writer.length} bytes; servers take ${MAX_BYTES}`);
  }
  return writer.copy();
}
