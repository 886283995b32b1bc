import { udfList } from "../../protocol/info/udf-commands.js";
import { parseUdfList } from "../../protocol/info/udf-info.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Cluster } from "../cluster/cluster.js";
import { UdfError } from "../errors/errors.js";
import { understand } from "../policy/ask.js";
import type { Deadline } from "../time/deadline.js";

const INFO_TIMEOUT_MS = 2_000;

/**
 * Throws UdfError when no module of that name is registered. The servers would start the job all the same and fail it
 * record by record.
 */
export async function checkUdfKnown(cluster: Cluster, packageName: string, deadline: Deadline): Promise<void> {
  const command = udfList();
  const reply = await cluster.infoOnAny([command], deadline.within(INFO_TIMEOUT_MS));
  const modules = understand(reply.get(command) ?? "", { operation: "list UDFs" }, parseUdfList);
  const files = modules.map((module) => module.fileName);
  if (files.includes(`${packageName}.lua`)) return;
  const known = files.length === 0 ? "no module is registered" : `registered are ${files.join(", ")}`;
  throw new UdfError(`executeUdf: there is no UDF package "${packageName}" on the cluster; ${known}`, {
    code: "UDF",
    resultCode: ResultCode.UDF_EXECUTION,
  });
}
