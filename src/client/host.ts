import { checkInteger } from "../../protocol/check/check-numbers.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { formatEndpoint } from "../transport/transport.js";
import { checkHostName, DEFAULT_PORT, parseSeeds, type Seed } from "./seeds.js";

const MAX_PORT = 65_535;

/**
 * A place to start looking for the cluster.
 * @example new ClusterDefinition({ hosts: [Host.of("db1", 3000), new Host("db2", 4333, "prod")] })
 */
export class Host implements Seed {
  /** Name or address; an IPv6 address without brackets. */
  readonly host: string;
  /** 1 to 65535. Default 3000. */
  readonly port: number;
  /** Name that the certificate must carry. */
  declare readonly tlsName?: string;

  /**
   * @param host name or address; an IPv6 address without brackets
   * @param port 1 to 65535
   * @param tlsName name that the certificate must carry, when TLS is used
   * @throws TypeError or RangeError naming the argument
   */
  constructor(host: string, port: number = DEFAULT_PORT, tlsName?: string) {
    checkHostName(host);
    checkInteger("port", port, 1, MAX_PORT);
    if (tlsName !== undefined && (typeof tlsName !== "string" || tlsName === "")) {
      throw new TypeError(`The TLS name is ${describe(tlsName)}: it must be text that is not empty`);
    }
    this.host = host;
    this.port = port;
    if (tlsName !== undefined) this.tlsName = tlsName;
  }

  /** The same as the constructor, without a TLS name. */
  static of(host: string, port: number = DEFAULT_PORT): Host {
    return new Host(host, port);
  }

  /**
   * Reads a list such as `"db1:3000,[::1]:3100,db2:prod:4333"`.
   * @throws TypeError for anything else
   */
  static parseHosts(text: string, defaultPort: number = DEFAULT_PORT): Host[] {
    return parseSeeds(text, defaultPort).map(({ host, port, tlsName }) => new Host(host, port, tlsName));
  }

  /** `host:port`, an IPv6 address in brackets. */
  toString(): string {
    return formatEndpoint(this);
  }
}
