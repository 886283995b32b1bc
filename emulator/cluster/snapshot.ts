import type { NodeNamespaceState } from "../node/node-namespace.js";
import type { ServiceSettings } from "../node/settings.js";
import type { AccountsState } from "../security/accounts.js";
import type { SecondaryIndex } from "../sindex/secondary-indexes.js";
import type { UdfFile } from "../udf/udf-modules.js";
import type { NamespaceState } from "./cluster-namespace.js";

/** What a cluster holds that clients can change. */
export interface ClusterState {
  readonly namespaces: ReadonlyMap<string, NamespaceState>;
  readonly strayIndexes: ReadonlyMap<string, readonly SecondaryIndex[]>;
  readonly modules: readonly UdfFile[];
  readonly accounts: AccountsState | undefined;
  readonly nodes: readonly { readonly service: ServiceSettings; readonly namespaces: readonly NodeNamespaceState[] }[];
}

/** What an emulated cluster held at one moment: `emulator.snapshot()`. It never changes, and can be gone back to many times. */
export class Snapshot {
  /** How many records it holds. */
  readonly records: number;
  /** @internal */
  readonly state: ClusterState;
  /** @internal */
  readonly aheadMs: number;
  /** Of which cluster. @internal */
  readonly of: unknown;

  /** @internal */
  constructor(of: unknown, state: ClusterState, aheadMs: number) {
    this.of = of;
    this.state = state;
    this.aheadMs = aheadMs;
    this.records = [...state.namespaces.values()].reduce((sum, { records }) => sum + records.length, 0);
  }
}
