import type { OptionNames } from "../../protocol/check/check-options.js";
import { NODE_TLS_OPTIONS, type NodeTlsOptions } from "../transport/tls-options.js";

/** How to speak TLS with every node. */
export interface ConnectTlsOptions extends NodeTlsOptions {
  /**
   * Only logins, and the questions what is new in the cluster, go over TLS; commands go in the clear, to the addresses that
   * the servers announce for that, and show the token that a login gave. The password is safe then, the data is not. Takes a
   * user. Default false.
   */
  readonly forLoginOnly?: boolean | undefined;
}

export const CONNECT_TLS_OPTIONS: OptionNames<ConnectTlsOptions> = { ...NODE_TLS_OPTIONS, forLoginOnly: true };

/** How to speak TLS with a cluster. */
export interface TlsSettings extends ConnectTlsOptions {
  /** Name that certificates must carry, for hosts that have none of their own. */
  readonly tlsName?: string | undefined;
}

export const TLS_SETTINGS: OptionNames<TlsSettings> = { ...CONNECT_TLS_OPTIONS, tlsName: true };
