import { encodeBase64 } from "../bytes/base64.js";
import { encodeUtf8 } from "../bytes/utf8.js";
import { describe } from "../value/invalid-value.js";

// user-agent-set:value=<base64 of 1,<client>,<application>>     once a connection, from server 8.1

const MAX_BYTES = 63;

/**
 * Tells a node who is calling; it answers `ok`. Server 8.1+.
 * Throws TypeError when a part is no text or has a comma, and RangeError when all is longer than 63 bytes of UTF-8.
 * @param client name and version, as in "aerowire-1.0.0"
 * @param application the user's own name for the program
 * @example userAgentSet("aerowire-1.0.0", "billing")
 */
export function userAgentSet(client: string, application = "not-set"): string {
  checkPart("client", client);
  checkPart("application", application);
  const bytes = encodeUtf8(`1,${client},${application}`);
  if (bytes.length > MAX_BYTES) {
    throw new RangeError(
      `The user agent of ${describe(application)} takes ${bytes.length} bytes of UTF-8: at most ${MAX_BYTES} are allowed`,
    );
  }
  return `user-agent-set:value=${encodeBase64(bytes)}`;
}

function checkPart(argument: string, text: unknown): void {
  if (typeof text === "string" && !text.includes(",") && text.isWellFormed()) return;
  throw new TypeError(`The ${argument} is ${describe(text)}: it must be text without a comma`);
}
