import { udfList } from "../../protocol/info/udf-commands.js";
import { parseUdfList } from "../../protocol/info/udf-info.js";
import { parseInfo } from "../cluster/info-client.js";
import type { SessionContext } from "../policy/session-context.js";
import { allOrNothing, ClusterTask } from "./cluster-task.js";

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

function hashOf(value: string, fileName: string): string | undefined {
  const modules = parseInfo(value, { operation: "list UDFs" }, parseUdfList);
  return modules.find((module) => module.fileName === fileName)?.hash;
}
