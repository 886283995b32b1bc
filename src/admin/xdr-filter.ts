import { xdrSetFilter } from "../../protocol/info/xdr-commands.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { type FilterSource, toFilter } from "../ael/filter.js";
import { expectInfoValue } from "../cluster/info-client.js";
import { requireVersionOfExp } from "../cluster/require-version.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { AdminCall } from "./admin-call.js";

/** Where a filter of cross-datacenter replication is, and what it says. */
export interface XdrFilter {
  /** Name of the other site, as the servers' configuration has it. */
  readonly datacenter: string;
  readonly namespace: string;
  /** Which records are shipped, as for `where`; `null` for all. */
  readonly filter: FilterSource | null;
}

/** One node is told, and tells the others. */
export async function setXdrFilter(context: SessionContext, xdrFilter: XdrFilter, options: CallOptions): Promise<void> {
  if (typeof xdrFilter !== "object" || xdrFilter === null || xdrFilter.filter === undefined) {
    const got = describe(xdrFilter);
    throw new TypeError(
      `setXdrFilter: expected { datacenter, namespace, filter }, with null for no filter, got ${got}`,
    );
  }
  const { datacenter, namespace } = xdrFilter;
  const call = new AdminCall(context, "setXdrFilter", options);
  const filter = xdrFilter.filter === null ? undefined : toFilter(xdrFilter.filter, [], "setXdrFilter: filter");
  const command = xdrSetFilter(datacenter, namespace, filter?.packed);
  context.cluster.checkNamespace(namespace);
  if (filter !== undefined) requireVersionOfExp(context.cluster.nodes, filter, "the filter");
  expectInfoValue(await call.askAny(command), {
    operation: `set filter of datacenter ${datacenter}`,
    namespace,
  });
}
