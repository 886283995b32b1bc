import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";

/** How the nodes speak TLS. Contents of PEM files, not their paths. */
export interface EmulatorTlsOptions {
  /** The private key of the certificate. */
  readonly key: string | Uint8Array;
  /** The certificate of all nodes, with those between it and its authority. */
  readonly cert: string | Uint8Array;
  /** Authorities of clients: with them a client has to show a certificate. Default: none is asked for. */
  readonly ca?: string | Uint8Array;
  /** The TLS name that nodes give each other out by, which clients look for in the certificate. Default none: their address. */
  readonly name?: string;
  /**
   * Whether each node takes clients on another port without TLS as well, any that is free: for clients that only log in over
   * TLS. They find it by `service-clear-std`. Default false.
   */
  readonly alsoClear?: boolean;
}

const OPTIONS: OptionNames<EmulatorTlsOptions> = { key: true, cert: true, ca: true, name: true, alsoClear: true };

/** @throws TypeError that says what is missing, without a word of what is in a key */
export function checkTls(tls: EmulatorTlsOptions): void {
  checkOptions("tls", tls, OPTIONS);
  for (const name of ["key", "cert"] as const) checkPem(name, tls[name]);
  if (tls.ca !== undefined) checkPem("ca", tls.ca);
  if (tls.alsoClear !== undefined && typeof tls.alsoClear !== "boolean") {
    throw new TypeError(`tls: alsoClear: expected true or false, got ${describe(tls.alsoClear)}`);
  }
  if (tls.name !== undefined && (typeof tls.name !== "string" || !/^[^\s,;:[\]]+$/.test(tls.name))) {
    throw new TypeError(`tls: name: expected a TLS name such as "db.example", got ${describe(tls.name)}`);
  }
}

function checkPem(name: string, pem: unknown): void {
  if (typeof pem === "string" || pem instanceof Uint8Array) return;
  throw new TypeError(`tls: ${name}: expected the contents of a PEM file, got a value of type ${typeof pem}`);
}
