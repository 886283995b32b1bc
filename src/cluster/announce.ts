import { infoValue } from "../../protocol/info/info-reply.js";
import { userAgentSet } from "../../protocol/info/user-agent.js";
import type { ControlChannel } from "./control-channel.js";
import type { ClusterNode } from "./node.js";
import { VERSION } from "./version.js";

/** Tells the server on the control channel who this program is. Rejects when the server does not take it. */
export async function announce(node: ClusterNode, control: ControlChannel, appId: string): Promise<void> {
  if (!node.version.isAtLeast(8, 1) || node.state.announcedOn === control.generation) return;
  const command = userAgentSet(`aerowire-${VERSION}`, appId);
  infoValue(await control.ask([command]), command);
  node.state.announcedOn = control.generation;
}
