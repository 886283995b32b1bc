import { sindexStat } from "../../protocol/info/index-commands.js";
import { parseIndexStat } from "../../protocol/info/index-info.js";
import { parseInfoError } from "../../protocol/info/info-error.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { ResultCode } from "../../protocol/result-code.js";
import { parseInfo } from "../cluster/info-client.js";
import type { SessionContext } from "../policy/session-context.js";
import { allOrNothing, ClusterTask } from "./cluster-task.js";

abstract class NamedIndexTask extends ClusterTask {
  readonly namespace: string;
  readonly indexName: string;

  /** @internal */
  protected constructor(context: SessionContext, what: string, namespace: string, indexName: string) {
    super(context, `${what} index ${indexName} of namespace ${namespace}`);
    this.namespace = namespace;
    this.indexName = indexName;
  }

  /** @internal */
  protected override infoCommand(version: ServerVersion): string {
    return sindexStat(this.namespace, this.indexName, version);
  }

  /** How far the index is on a node in percent; undefined where there is none. @internal */
  protected percentOf(value: string): number | undefined {
    if (parseInfoError(value)?.code === ResultCode.INDEX_NOT_FOUND) return undefined;
    const about = { operation: "index status", namespace: this.namespace };
    return parseInfo(value, about, parseIndexStat).loadPercent;
  }
}

/** A secondary index that is being built; see {@link IndexBuilder.create}. */
export class IndexTask extends NamedIndexTask {
  /** @internal */
  constructor(context: SessionContext, namespace: string, indexName: string) {
    super(context, "building", namespace, indexName);
  }

  /** @internal */
  protected override percentages(values: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
    return new Map([...values].map(([node, value]) => [node, this.percentOf(value) ?? 0]));
  }
}

/** A secondary index that is being dropped; see {@link IndexBuilder.drop}. */
export class DropIndexTask extends NamedIndexTask {
  /** @internal */
  constructor(context: SessionContext, namespace: string, indexName: string) {
    super(context, "dropping", namespace, indexName);
  }

  /** @internal */
  protected override percentages(values: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
    return allOrNothing(values, (value) => this.percentOf(value) === undefined);
  }
}
