import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import { compressProto, expandBody, type Zlib } from "../../protocol/frame/compressed.js";
import { PROTO_HEADER_SIZE, ProtoType } from "../../protocol/frame/proto.js";
import { MAX_REPLY_BODY } from "../../protocol/limits.js";
import { Info1 } from "../../protocol/message/flags.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { AerospikeError } from "../errors/errors.js";
import type { ClusterNode } from "./node.js";

interface Compressing {
  /** Undefined where the runtime has none. */
  readonly zlib: Zlib | undefined;
}

/** Of the message, behind the byte that says how long its header is. */
const INFO1 = PROTO_HEADER_SIZE + 1;

/**
 * Compresses the request that was written from `start` on, and has it ask for a compressed reply.
 * @throws AerospikeError with code `"UNSUPPORTED_FEATURE"` when the node or the runtime can't do it; nothing was sent then
 */
export function compressRequest(w: Writer, start: number, { zlib }: Compressing, node: ClusterNode | undefined): void {
  if (zlib === undefined) throw unsupported("this runtime has no zlib", node);
  // No server says whether it compresses. Every edition but the Community's does, and that one refuses.
  const { edition } = node ?? {};
  if (edition?.includes("Community") === true) throw unsupported(`node ${node?.id} runs ${edition}`, node);
  const at = start + INFO1;
  w.patchU8(at, w.view()[at]! | Info1.COMPRESS_RESPONSE);
  compressProto(w, start, zlib);
}

/**
 * The body of a message that came, expanded if it is compressed.
 * @param name of the operation, for messages
 * @throws ProtocolError for what is no message
 */
export function messageBody(type: ProtoType, body: Reader, name: string, { zlib }: Compressing): Reader {
  if (type === ProtoType.MESSAGE) return body;
  if (type !== ProtoType.COMPRESSED) throw new ProtocolError(`the reply to the ${name} is of type ${type}`);
  if (zlib === undefined)
    throw new ProtocolError(`the reply to the ${name} is compressed, and this runtime has no zlib`);
  return expandBody(body, zlib, MAX_REPLY_BODY);
}

function unsupported(why: string, node: ClusterNode | undefined): AerospikeError {
  return new AerospikeError(
    `The behavior says compress: true, which takes Enterprise Edition servers and a runtime with zlib; ${why}`,
    { code: "UNSUPPORTED_FEATURE", resultCode: ResultCode.UNSUPPORTED_FEATURE, node: node?.id },
  );
}
