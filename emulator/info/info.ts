import { ResultCode } from "../../protocol/result-code.js";
import { readName, writeName } from "../record/name.js";
import { mayAsk } from "../security/access.js";
import { clusterCommands } from "./cluster-commands.js";
import { configCommands } from "./config-commands.js";
import { connectionCommands } from "./connection-commands.js";
import { indexCommands } from "./index-commands.js";
import type { InfoCommand } from "./info-command.js";
import { InfoError } from "./info-error.js";
import type { InfoNode, InfoSession } from "./info-node.js";
import { InfoParams } from "./info-params.js";
import { jobCommands } from "./job-commands.js";
import { logCommands } from "./log-commands.js";
import { namespaceCommands } from "./namespace-commands.js";
import { nodeCommands } from "./node-commands.js";
import { enterpriseCommands, unemulatedCommands } from "./other-commands.js";
import { statisticsCommands } from "./statistics-commands.js";
import { truncateCommands } from "./truncate-commands.js";
import { udfCommands } from "./udf-commands.js";

// An info request's body is commands, each ended by "\n" (one that is not is not answered):
//   name [/ argument …] [: key=value ; …]
// The reply's body has for each the command as it came, a tab, its value and "\n".

const MAX_NAME_LENGTH = 31;
/** What a request without commands asks for. */
const SUMMARY = [
  "features",
  "node",
  "compatibility-id",
  "edition",
  "build_ee_sha",
  "build_sha",
  "build_arch",
  "build_time",
  "build_os",
  "build",
  "version",
  "statistics",
  "services-alumni",
  "services",
  "partition-generation",
];

const commands = new Map<string, InfoCommand>(
  [
    nodeCommands,
    clusterCommands,
    connectionCommands,
    namespaceCommands,
    statisticsCommands,
    configCommands,
    indexCommands,
    udfCommands,
    truncateCommands,
    jobCommands,
    logCommands,
    enterpriseCommands,
    unemulatedCommands,
  ].flatMap((group) => Object.entries(group)),
);

/** The body of the reply to an info request's body. */
export function answerInfo(node: InfoNode, session: InfoSession, body: Uint8Array): Uint8Array {
  const request = body.length === 0 ? `${SUMMARY.join("\n")}\n` : readName(body);
  const lines = request.split("\n");
  lines.pop();
  return writeName(lines.map((line) => `${line}\t${answerLine(node, session, line)}\n`).join(""));
}

function answerLine(node: InfoNode, session: InfoSession, line: string): string {
  const end = line.search(/[/:;]/);
  const name = end < 0 ? line : line.slice(0, end);
  const command = name.length > MAX_NAME_LENGTH ? undefined : commands.get(name);
  if (command === undefined) return `ERROR:${ResultCode.PARAMETER_ERROR}:unrecognized command`;
  const { account } = session;
  if (account !== undefined && !mayAsk(account, name, end < 0 ? "" : line.slice(end + 1))) {
    return `ERROR:${ResultCode.ROLE_VIOLATION}:role violation`;
  }
  try {
    return command({ node, session, name, params: new InfoParams(end < 0 ? "" : line.slice(end + 1)) });
  } catch (error) {
    if (error instanceof InfoError) return error.text;
    throw error;
  }
}
