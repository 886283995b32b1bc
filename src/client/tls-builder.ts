import type { OptionNames } from "../../protocol/check/check-options.js";
import { NODE_TLS_OPTIONS, type NodeTlsOptions } from "../transport/tls-options.js";

/** How to speak TLS with a cluster. */
export interface TlsSettings extends NodeTlsOptions {
  /** Name that certificates must carry, for hosts that have none of their own. */
  readonly tlsName?: string | undefined;
}

export const TLS_SETTINGS: OptionNames<TlsSettings> = { ...NODE_TLS_OPTIONS, tlsName: true };

/** A string or bytes: the contents of a file, not its path. */
type FileContents = string | Uint8Array;

/**
 * Builds {@link TlsSettings} step by step.
 *
 * @typeParam P what {@link TlsBuilder.done} returns
 *
 * @example
 * const cluster = await new ClusterDefinition("db1", 4333)
 *   .withTlsConfigOf()
 *   .tlsName("prod")
 *   .ca(await readFile("ca.pem"))
 *   .done()
 *   .connect();
 */
export class TlsBuilder<P> {
  readonly #parent: P;
  readonly #change: (change: TlsSettings) => void;

  /** @internal */
  constructor(parent: P, change: (change: TlsSettings) => void) {
    this.#parent = parent;
    this.#change = change;
  }

  /** Name that certificates must carry, for hosts that have none of their own. */
  tlsName(name: string): this {
    return this.#set({ tlsName: name });
  }

  /** Certificates of the authorities to trust, instead of those that the runtime trusts. */
  ca(...contents: readonly FileContents[]): this {
    return this.#set({ ca: contents });
  }

  /** The client's own certificate and its key, for mutual TLS. */
  clientCert(cert: FileContents, key: FileContents, passphrase?: string): this {
    return this.#set({ cert, key, passphrase });
  }

  /** The client's certificate and key in one PKCS #12 file. */
  pfx(contents: Uint8Array, passphrase?: string): this {
    return this.#set({ pfx: contents, passphrase });
  }

  /** Oldest and newest version of TLS to speak. */
  protocols(minVersion: TlsSettings["minVersion"], maxVersion?: TlsSettings["maxVersion"]): this {
    return this.#set({ minVersion, maxVersion });
  }

  /** Ciphers to offer, in OpenSSL's notation. */
  ciphers(...names: readonly string[]): this {
    return this.#set({ ciphers: names.join(":") });
  }

  /** Serial numbers, in hexadecimal digits, of certificates that are not accepted any more. */
  revokedSerials(...serials: readonly string[]): this {
    return this.#set({ revokedSerials: serials });
  }

  /** Returns to the definition that this builder belongs to. */
  done(): P {
    return this.#parent;
  }

  #set(change: TlsSettings): this {
    this.#change(change);
    return this;
  }
}
