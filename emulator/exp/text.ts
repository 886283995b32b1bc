import { AelMistakeError, compileTree, parseText, placeOf } from "../../ael/index.js";
import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import type { ExpNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { packNode } from "../../protocol/exp/pack.js";
import { resolveExpression } from "../../protocol/exp/resolve.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { strictText } from "../record/utf8.js";
import { listCount, takeBytes, takeInteger } from "./packed.js";
import { Refused } from "./refused.js";

// `[128, text]`: a text in the expression language, which a server of 8.2 compiles. The compiler is the client's, so what
// it reads beyond the server's language (older spellings, `between`, comments to the end of a line) passes here too.

/** The text of `[128, text]`; undefined for any other expression. */
export function textOf(packed: Uint8Array): string | Refused | undefined {
  const r = new Reader(packed);
  try {
    if (listCount(r) !== 2 || takeInteger(r) !== BigInt(ExpOp.TEXT)) return undefined;
    const bytes = takeBytes(r);
    const text = bytes === undefined ? undefined : strictText(bytes);
    if (text === undefined || text.trim() === "" || r.left > 0)
      return new Refused("a text is a string that is not empty");
    return text;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** A text as a packed expression, or why it is none. */
export function compileText(text: string): Uint8Array | Refused {
  const tree = treeOfText(text);
  if (tree instanceof Refused) return tree;
  const w = new Writer(128);
  packNode(w, tree);
  return w.copy();
}

/** A text as the tree of an expression, or why it is none. */
export function treeOfText(text: string): ExpNode | Refused {
  try {
    return resolveExpression(compileTree(parseText(text), [], { target: "8.2" }).node);
  } catch (error) {
    if (error instanceof AelMistakeError) return refusedAt(text, error);
    if (error instanceof TypeError || error instanceof RangeError) return new Refused(error.message);
    throw error;
  }
}

function refusedAt(text: string, { mistake }: AelMistakeError): Refused {
  const { problem, at, end } = mistake;
  const refused = new Refused(problem);
  const bytesBefore = (offset: number): number => new TextEncoder().encode(text.slice(0, offset)).length;
  refused.text = { offset: bytesBefore(at), length: bytesBefore(end) - bytesBefore(at), ...placeOf(text, at) };
  return refused;
}
