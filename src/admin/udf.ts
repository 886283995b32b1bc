import { decodeUtf8 } from "../../protocol/bytes/utf8.js";
import { udfGet, udfList, udfPut, udfRemove } from "../../protocol/info/udf-commands.js";
import { parseUdfList, parseUdfSource, type UdfModule } from "../../protocol/info/udf-info.js";
import { parseInfo } from "../cluster/info-client.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { AdminCall } from "./admin-call.js";
import { expectUdfOk } from "./udf-refusal.js";
import { RegisterTask, UdfRemoveTask } from "./udf-task.js";

export async function registerUdf(
  context: SessionContext,
  source: string | Uint8Array,
  fileName: string,
  options: CallOptions,
): Promise<RegisterTask> {
  const call = new AdminCall(context, "registerUdf", options);
  expectUdfOk(await call.askAny(udfPut(fileName, source)), `register ${fileName}`);
  return new RegisterTask(context, fileName);
}

export async function removeUdf(
  context: SessionContext,
  fileName: string,
  options: CallOptions,
): Promise<UdfRemoveTask> {
  const call = new AdminCall(context, "removeUdf", options);
  expectUdfOk(await call.askAny(udfRemove(fileName)), `remove ${fileName}`);
  return new UdfRemoveTask(context, fileName);
}

export async function listUdfs(context: SessionContext, options: CallOptions): Promise<UdfModule[]> {
  const call = new AdminCall(context, "listUdfs", options);
  return parseInfo(await call.askAny(udfList()), { operation: "list UDFs" }, parseUdfList);
}

export async function getUdf(context: SessionContext, fileName: string, options: CallOptions): Promise<string> {
  const call = new AdminCall(context, "getUdf", options);
  const command = udfGet(fileName);
  const operation = `read ${fileName}`;
  const value = expectUdfOk(await call.askAny(command), operation);
  const source = parseInfo(value, { operation }, parseUdfSource);
  return decodeUtf8(source, 0, source.length);
}
