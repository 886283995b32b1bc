import type { NamespaceSettings, ServiceSettings } from "../node/settings.js";
import type { Release } from "../release.js";
import type { UdfEngine } from "../udf/udf-engine.js";

/** A cluster as it is configured. */
export interface ClusterSettings {
  readonly nodes: number;
  readonly clusterName: string;
  /** What each node does, and what it says that it is. */
  readonly releases: readonly Release[];
  readonly builds: readonly string[];
  readonly replicationFactor: number;
  readonly namespaces: readonly { readonly name: string; readonly settings: Partial<NamespaceSettings> }[];
  readonly service: Partial<ServiceSettings>;
  readonly heartbeatTimeoutMs: number;
  readonly migrationMs: number;
  readonly indexBuildMs: number;
  /** Whether clients have to log in. */
  readonly security: boolean;
  /** Whether it is of the Enterprise Edition, as far as that shows. */
  readonly isEnterprise: boolean;
  /** By which clients check the nodes' certificate; empty for their address, undefined where they speak clear text. */
  readonly tlsName: string | undefined;
  /** Or why there is none. */
  readonly udf: UdfEngine | Error;
}
