import { AelMistakeError, type AelTarget, compileTree, parseText } from "../../ael/index.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { packNode } from "../../protocol/exp/pack.js";
import { resolveExpression } from "../../protocol/exp/resolve.js";

const PARAMS = [1, "x", [1, 2]];
const w = new Writer(1024);

/** The bytes that a text compiles to; undefined for what the compiler refuses with a place. All else is thrown. */
export function readAel(text: string, target: AelTarget): Uint8Array | undefined {
  try {
    const parsed = parseText(text);
    const params = PARAMS.slice(0, Math.max(-1, ...parsed.placeholders) + 1);
    const { node } = compileTree(parsed, params, { target });
    w.rewind(0);
    packNode(w, resolveExpression(node));
    return w.copy();
  } catch (error) {
    if (!(error instanceof AelMistakeError)) throw error;
    const { at, end } = error.mistake;
    if (!(at >= 0 && at <= end && end <= text.length)) throw new Error(`no place of the text: ${at} to ${end}`);
    return undefined;
  }
}
