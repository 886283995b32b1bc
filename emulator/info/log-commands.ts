import { ResultCode } from "../../protocol/result-code.js";
import type { InfoCall, InfoCommands } from "./info-command.js";
import { InfoError } from "./info-error.js";

/** A server in a container, say, logs there. */
const SINK = "stderr";

/** What a node logs. There is one place that it would log to, by the number 0. */
export const logCommands: InfoCommands = {
  logs: () => `0:${SINK}`,
  log: ({ node, params }) => {
    const id = params.text;
    if (id === "") return String(node.logLevels);
    if (!/^[+-]?\d+$/.test(id)) throw new InfoError(ResultCode.PARAMETER_ERROR, "bad sink-id");
    if (Number(id) !== 0) throw new InfoError(ResultCode.SERVER_ERROR, "bad-id");
    return String(node.logLevels);
  },
  "log-set": setLevel,
  "set-log": setLevel,
};

/** id=0;<context>=<level>: of several contexts the first counts. */
function setLevel({ node, params }: InfoCall): string {
  const refuse = (why: string): never => {
    throw new InfoError(ResultCode.PARAMETER_ERROR, why);
  };
  const pairs = params.text.split(";").filter((pair) => pair !== "");
  const id = params.raw("id") ?? refuse("missing id");
  if (!/^[+-]?\d+$/.test(id)) refuse("bad id");
  const pair = pairs.find((one) => !one.startsWith("id=")) ?? refuse("missing context");
  const [context = "", level = ""] = pair.split("=");
  if (level === "") refuse("bad level");
  return Number(id) === 0 && node.logLevels.set(context, level) ? "ok" : refuse("bad parameter");
}
