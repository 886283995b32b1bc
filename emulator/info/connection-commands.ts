import { tryDecodeBase64 } from "../../protocol/bytes/base64.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { InfoCommands } from "./info-command.js";
import { InfoError } from "./info-error.js";

/** Base64 of the 63 bytes that a client may call itself by. */
const MAX_USER_AGENT = 87;

/** What a node knows of the socket that asks. */
export const connectionCommands: InfoCommands = {
  connection: () => "admin=false",
  "user-agent-set": ({ session, params }) => {
    if (session.userAgent !== undefined) throw new InfoError(ResultCode.PARAMETER_ERROR, "already set");
    const value = params.required("value", MAX_USER_AGENT);
    if (tryDecodeBase64(value) === undefined) {
      throw new InfoError(ResultCode.PARAMETER_ERROR, "'value' invalid base64");
    }
    session.userAgent = value;
    return "ok";
  },
  "user-agents": ({ node }) => {
    const counts = new Map<string, number>();
    for (const { userAgent } of node.sessions) {
      if (userAgent !== undefined) counts.set(userAgent, (counts.get(userAgent) ?? 0) + 1);
    }
    return [...counts].map(([userAgent, count]) => `user-agent=${userAgent}:count=${count};`).join("");
  },
};
