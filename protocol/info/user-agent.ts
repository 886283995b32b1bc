import { encodeBase64 } from "../bytes/base64.js";
import { encodeUtf8 } from "../bytes/utf8.js";

// user-agent-set:value=<base64 of 1,<client>,<application>>     once a connection, from server 8.1; at most 63 bytes

const MAX_BYTES = 63;

/**
 * Tells a node who is calling; it replies `ok`. What is longer than servers take is cut off at its end. Server 8.1+.
 * @param client name and version, as in "aerowire-1.0.0"
 * @param application the user's own name for the program
 * @example userAgentSet("aerowire-1.0.0", "billing")
 */
export function userAgentSet(client: string, application: string): string {
  const bytes = encodeUtf8(`1,${client},${application}`);
  let length = Math.min(bytes.length, MAX_BYTES);
  // Not in the middle of a letter.
  while (length < bytes.length && (bytes[length]! & 0xc0) === 0x80) length--;
  return `user-agent-set:value=${encodeBase64(bytes.subarray(0, length))}`;
}
