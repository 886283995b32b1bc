import { ProtocolError } from "../protocol-error.js";

/** More than any list in an info value: the largest real ones have some thousand entries. */
const MAX_PARTS = 65_536;

/**
 * The parts of a list that are not empty. Throws ProtocolError when they are more than a real list has, before memory is
 * spent on them.
 */
export function splitParts(text: string, separator: string, most = MAX_PARTS): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf(separator, at);
    const end = next < 0 ? text.length : next;
    if (end > at) {
      if (parts.length === most) throw new ProtocolError(`an info value lists more than ${most} parts`);
      parts.push(text.slice(at, end));
    }
    at = end + 1;
  }
  return parts;
}
