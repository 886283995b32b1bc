import { decodeUtf8 } from "../../protocol/bytes/utf8.js";
import { udfGet, udfList, udfPut, udfRemove } from "../../protocol/info/udf-commands.js";
import { parseUdfList, parseUdfSource, type UdfModule } from "../../protocol/info/udf-info.js";
import { parseInfo } from "../cluster/info-client.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { AdminCall } from "./admin-call.js";
import { allOrNothing, ClusterTask } from "./cluster-task.js";
import { expectUdfOk } from "./udf-refusal.js";

export type { UdfModule };

/** A Lua module that is being handed on to every node; see `session.registerUdf`. */
export class RegisterTask extends ClusterTask {
  /** Name of the module's file on the servers. */
  readonly fileName: string;

  /** @internal */
  constructor(context: SessionContext, fileName: string) {
    super(context, `registering ${fileName}`);
    this.fileName = fileName;
  }

  /** @internal */
  protected override infoCommand(): string {
    return udfList();
  }

  /** A module of that name may have been there before, so all nodes must have the same one. @internal */
  protected override percentages(values: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
    const hashes = new Set([...values.values()].map((value) => hashOf(value, this.fileName)));
    return allOrNothing(values, (value) => hashes.size === 1 && hashOf(value, this.fileName) !== undefined);
  }
}

/** A Lua module that is being removed from every node; see `session.removeUdf`. */
export class UdfRemoveTask extends ClusterTask {
  /** Name of the module's file on the servers. */
  readonly fileName: string;

  /** @internal */
  constructor(context: SessionContext, fileName: string) {
    super(context, `removing ${fileName}`);
    this.fileName = fileName;
  }

  /** @internal */
  protected override infoCommand(): string {
    return udfList();
  }

  /** @internal */
  protected override percentages(values: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
    return allOrNothing(values, (value) => hashOf(value, this.fileName) === undefined);
  }
}

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

function hashOf(value: string, fileName: string): string | undefined {
  const modules = parseInfo(value, { operation: "list UDFs" }, parseUdfList);
  return modules.find((module) => module.fileName === fileName)?.hash;
}
