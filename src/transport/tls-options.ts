import type { OptionNames } from "../../protocol/check/check-options.js";

/** A version of TLS, as OpenSSL names it. Runtimes refuse the two oldest ones unless told otherwise. */
export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** How sockets speak TLS. Contents of files, not their paths; PEM unless told otherwise. */
export interface NodeTlsOptions {
  /** Certificates of the authorities to trust, instead of those that the runtime trusts. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** The client's own certificate and key, for mutual TLS. */
  readonly cert?: string | Uint8Array | undefined;
  /** Of the client's certificate. */
  readonly key?: string | Uint8Array | undefined;
  /** Both in one PKCS #12 file. */
  readonly pfx?: Uint8Array | undefined;
  /** Of the key or the PKCS #12 file. */
  readonly passphrase?: string | undefined;
  /** Default: what the runtime says, TLS 1.2 as a rule. */
  readonly minVersion?: TlsVersion | undefined;
  /** Default: what the runtime says, TLS 1.3 as a rule. */
  readonly maxVersion?: TlsVersion | undefined;
  /** In OpenSSL's notation. */
  readonly ciphers?: string | undefined;
  /** Serial numbers, in hex, of certificates that are not accepted any more. */
  readonly revokedSerials?: readonly string[] | undefined;
}

/** The names of these options. */
export const NODE_TLS_OPTIONS: OptionNames<NodeTlsOptions> = {
  ca: true,
  cert: true,
  key: true,
  pfx: true,
  passphrase: true,
  minVersion: true,
  maxVersion: true,
  ciphers: true,
  revokedSerials: true,
};
