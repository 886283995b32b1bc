import { Writer } from "../../protocol/bytes/writer.js";
import { ResultCode } from "../../protocol/result-code.js";
import { PackedHead } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { strictText } from "../record/utf8.js";
import type { Answer } from "./answer.js";
import type { PackedList } from "./packed-list.js";
import { Params } from "./params.js";
import type { PayloadReader } from "./payload-reader.js";

const NO_BYTES = new Uint8Array(0);

/** The strings of a list as one, with the separator between them that may be the only one of the parameters given. */
export function join({ elements }: PackedList, reader: PayloadReader, given: number): Answer {
  const params = new Params(reader, given, 0, 1);
  const separator = given === 0 ? NO_BYTES : stringContent(params.content());
  if (params.areBad || separator === undefined) return ResultCode.PARAMETER_ERROR;
  const w = new Writer(64);
  const head = new PackedHead();
  for (const [i, element] of elements.entries()) {
    const content = head.read(element, 0, element.length) ? element.subarray(head.content, head.next) : NO_BYTES;
    const text = isText(head, element) ? stringContent(content) : undefined;
    if (text === undefined) return ResultCode.OP_NOT_APPLICABLE;
    if (i > 0) w.bytes(separator);
    w.bytes(text);
  }
  const bytes = w.copy();
  return strictText(bytes) === undefined ? ResultCode.INVALID_ENCODING : { type: ParticleType.STRING, bytes };
}

/** The bytes of a string behind its type; undefined for what is no string. */
function stringContent(content: Uint8Array): Uint8Array | undefined {
  return content[0] === ParticleType.STRING ? content.subarray(1) : undefined;
}

function isText(head: PackedHead, element: Uint8Array): boolean {
  return head.content < head.next && element[head.content] === ParticleType.STRING && head.count >= 0;
}
