import type { OptionNames } from "../../protocol/check/check-options.js";
import { NODE_TLS_OPTIONS, type NodeTlsOptions } from "../transport/tls-options.js";

/** How to speak TLS with a cluster. */
export interface TlsSettings extends NodeTlsOptions {
  /** Name that certificates must carry, for hosts that have none of their own. */
  readonly tlsName?: string | undefined;
}

export const TLS_SETTINGS: OptionNames<TlsSettings> = { ...NODE_TLS_OPTIONS, tlsName: true };
