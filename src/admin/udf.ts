import { decodeUtf8 } from "../../protocol/bytes/utf8.js";
import { udfGet, udfList, udfPut, udfRemove } from "../../protocol/info/udf-commands.js";
import { parseUdfList, parseUdfSource, type UdfModule } from "../../protocol/info/udf-info.js";
import { parseInfo } from "../cluster/info-client.js";
import type { SessionContext } from "../policy/session-context.js";
import { type AdminOptions, askAny } from "./admin-request.js";
import { ClusterTask } from "./cluster-task.js";
import { acceptUdf } from "./udf-refusal.js";

export type { UdfModule };

/** A Lua module on its way to every node; see `session.registerUdf`. */
export class RegisterTask extends ClusterTask {
  /** Name of the module's file on the servers. */
  readonly fileName: string;

  /** @internal */
  constructor(context: SessionContext, fileName: string) {
    super(context, `registering ${fileName}`);
    this.fileName = fileName;
  }

  /** @internal */
  protected override question(): string {
    return udfList();
  }

  /** A module of that name may have been there before, so all nodes must have the same one. @internal */
  protected override isDoneBy(answers: readonly string[]): boolean {
    const hashes = new Set(answers.map((answer) => hashOf(answer, this.fileName)));
    return hashes.size === 1 && !hashes.has(undefined);
  }
}

/** A Lua module on its way out; see `session.removeUdf`. */
export class UdfRemoveTask extends ClusterTask {
  /** Name of the module's file on the servers. */
  readonly fileName: string;

  /** @internal */
  constructor(context: SessionContext, fileName: string) {
    super(context, `removing ${fileName}`);
    this.fileName = fileName;
  }

  /** @internal */
  protected override question(): string {
    return udfList();
  }

  /** @internal */
  protected override isDoneBy(answers: readonly string[]): boolean {
    return answers.every((answer) => hashOf(answer, this.fileName) === undefined);
  }
}

export async function registerUdf(
  context: SessionContext,
  source: string | Uint8Array,
  fileName: string,
  options: AdminOptions,
): Promise<RegisterTask> {
  acceptUdf(await askAny(context, udfPut(fileName, source), options), `register ${fileName}`);
  return new RegisterTask(context, fileName);
}

export async function removeUdf(
  context: SessionContext,
  fileName: string,
  options: AdminOptions,
): Promise<UdfRemoveTask> {
  acceptUdf(await askAny(context, udfRemove(fileName), options), `remove ${fileName}`);
  return new UdfRemoveTask(context, fileName);
}

export async function listUdfs(context: SessionContext, options: AdminOptions): Promise<UdfModule[]> {
  return parseInfo(await askAny(context, udfList(), options), { operation: "list UDFs" }, parseUdfList);
}

export async function getUdf(context: SessionContext, fileName: string, options: AdminOptions): Promise<string> {
  const operation = `read ${fileName}`;
  const answer = acceptUdf(await askAny(context, udfGet(fileName), options), operation);
  const source = parseInfo(answer, { operation }, parseUdfSource);
  return decodeUtf8(source, 0, source.length);
}

function hashOf(answer: string, fileName: string): string | undefined {
  const modules = parseInfo(answer, { operation: "list UDFs" }, parseUdfList);
  return modules.find((module) => module.fileName === fileName)?.hash;
}
