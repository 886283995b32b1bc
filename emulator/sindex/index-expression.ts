import { Reader } from "../../protocol/bytes/reader.js";
import { compile } from "../exp/index.js";
import { listCount, takeInteger, takeValue } from "../exp/packed.js";
import { particleTypeOf } from "../exp/result-type.js";

const KEY = 80;
const BIN = 81;
const BIN_TYPE = 82;
const DIGEST_MODULO = 64;
const FIRST_METADATA = 65;
const LAST_METADATA = 79;
const QUOTE = 126;
const CALL = 127;

/**
 * The particle type that an expression yields, when an index can be on it: its value must change with the record's bins
 * or digest and with nothing else. Undefined for any other.
 */
export function indexableType(packed: Uint8Array): number | undefined {
  const expression = compile(packed);
  if (expression === undefined) return undefined;
  const codes = new Set<number>();
  collect(packed, codes);
  for (const code of codes) if (code === KEY || (code >= FIRST_METADATA && code <= LAST_METADATA)) return undefined;
  if (!codes.has(BIN) && !codes.has(BIN_TYPE) && !codes.has(DIGEST_MODULO)) return undefined;
  return particleTypeOf(expression.type);
}

/** Gathers the op codes of a valid expression. */
function collect(packed: Uint8Array, codes: Set<number>): void {
  const r = new Reader(packed);
  const count = listCount(r);
  const code = count === undefined ? undefined : takeInteger(r);
  if (count === undefined || code === undefined) return;
  codes.add(Number(code));
  if (code === BigInt(QUOTE)) return;
  for (let i = 1; i < count; i++) {
    const argument = takeValue(r);
    // The list of a call starts with the code of another language; only its own lists are expressions again.
    if (code === BigInt(CALL) && i === 3) collectParams(argument, codes);
    else collect(argument, codes);
  }
}

function collectParams(call: Uint8Array, codes: Set<number>): void {
  const r = new Reader(call);
  for (let left = listCount(r) ?? 0; left > 0; left--) collect(takeValue(r), codes);
}
