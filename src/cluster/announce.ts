import { encodeBase64 } from "../../protocol/bytes/base64.js";
import { encodeUtf8 } from "../../protocol/bytes/utf8.js";
import { infoValue } from "../../protocol/info/info-reply.js";
import type { ControlChannel } from "./control-channel.js";
import type { ClusterNode } from "./node.js";
import { VERSION } from "./version.js";

// What a server from 8.1.0 on shows in its list of clients: base64 of `1,<client>-<version>,<app id>`, at most 63 bytes.

const MAX_BYTES = 63;

/** Tells the server on the control channel who this program is. Rejects when the server does not take it. */
export async function announce(node: ClusterNode, control: ControlChannel, appId: string): Promise<void> {
  if (!node.version.isAtLeast(8, 1) || node.state.announcedOn === control.generation) return;
  const command = `user-agent-set:value=${encodeBase64(userAgent(appId))}`;
  infoValue(await control.ask([command]), command);
  node.state.announcedOn = control.generation;
}

function userAgent(appId: string): Uint8Array {
  const bytes = encodeUtf8(`1,aerowire-${VERSION},${appId}`);
  let length = Math.min(bytes.length, MAX_BYTES);
  // Not in the middle of a letter.
  while (length < bytes.length && (bytes[length]! & 0xc0) === 0x80) length--;
  return bytes.subarray(0, length);
}
