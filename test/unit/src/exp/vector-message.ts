/** The expressions that a recorded request carries: its filter, and the payload of each expression op. */
export interface Carried {
  readonly filter: Uint8Array | undefined;
  readonly ops: readonly { readonly code: number; readonly payload: Uint8Array }[];
}

const FIELD_FILTER = 43;
const EXPRESSION_OPS = new Set([7, 8]);

export function carriedBy(hex: string): Carried {
  const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
  const view = new DataView(bytes.buffer);
  const fields = view.getUint16(8 + 18);
  const ops = view.getUint16(8 + 20);
  let at = 8 + 22;
  let filter: Uint8Array | undefined;
  for (let i = 0; i < fields; i++) {
    const size = view.getUint32(at);
    if (bytes[at + 4] === FIELD_FILTER) filter = bytes.slice(at + 5, at + 4 + size);
    at += 4 + size;
  }
  const found: { code: number; payload: Uint8Array }[] = [];
  for (let i = 0; i < ops; i++) {
    const size = view.getUint32(at);
    const code = bytes[at + 4] ?? 0;
    const nameLength = bytes[at + 7] ?? 0;
    if (EXPRESSION_OPS.has(code)) found.push({ code, payload: bytes.slice(at + 8 + nameLength, at + 4 + size) });
    at += 4 + size;
  }
  return { filter, ops: found };
}

/** The expression alone, out of the payload `[expression, flags]` of an op. */
export function expressionIn(payload: Uint8Array): Uint8Array {
  return payload[0] === 0x91 ? payload.slice(1) : payload.slice(1, -1);
}
