/** A reply taken apart, as far as two of them can be compared. */
export interface WireRow {
  readonly op: number;
  readonly name: string;
  readonly type: number;
  readonly value: string;
}

export interface WireMessage {
  readonly info1: number;
  readonly info3: number;
  readonly code: number;
  readonly generation: number;
  readonly voidTime: number;
  readonly rowIndex: number;
  readonly fields: readonly { readonly type: number; readonly data: string }[];
  readonly rows: readonly WireRow[];
}

export interface WireProto {
  readonly type: number;
  readonly body: Buffer;
}

/** The whole protos at the start of `bytes`. */
export function protosOf(bytes: Uint8Array): WireProto[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const protos: WireProto[] = [];
  for (let at = 0; at + 8 <= buffer.length; ) {
    const end = at + 8 + buffer.readUIntBE(at + 2, 6);
    if (end > buffer.length) break;
    protos.push({ type: buffer[at + 1]!, body: buffer.subarray(at + 8, end) });
    at = end;
  }
  return protos;
}

export function messagesOf(protos: readonly WireProto[]): WireMessage[] {
  return protos.flatMap(({ body }) => {
    const messages: WireMessage[] = [];
    for (let at = 0; at < body.length; ) {
      const message = readMessage(body, at);
      messages.push(message.message);
      at = message.end;
    }
    return messages;
  });
}

function readMessage(body: Buffer, start: number): { readonly message: WireMessage; readonly end: number } {
  let at = start + 22;
  const fields = [];
  for (let left = body.readUInt16BE(start + 18); left > 0; left--) {
    const size = body.readUInt32BE(at);
    fields.push({ type: body[at + 4]!, data: body.toString("hex", at + 5, at + 4 + size) });
    at += 4 + size;
  }
  const rows: WireRow[] = [];
  for (let left = body.readUInt16BE(start + 20); left > 0; left--) {
    const end = at + 4 + body.readUInt32BE(at);
    const valueAt = at + 8 + body[at + 7]!;
    rows.push({
      op: body[at + 4]!,
      type: body[at + 5]!,
      name: body.toString("latin1", at + 8, valueAt),
      value: body.toString("hex", valueAt, end),
    });
    at = end;
  }
  const message = {
    info1: body[start + 1]!,
    info3: body[start + 3]!,
    code: body[start + 5]!,
    generation: body.readUInt32BE(start + 6),
    voidTime: body.readUInt32BE(start + 10),
    rowIndex: body.readUInt32BE(start + 14),
    fields,
    rows,
  };
  return { message, end: at };
}
