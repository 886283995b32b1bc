import { describe } from "../../protocol/value/invalid-value.js";
import { Host } from "./host.js";
import { type ConnectionString, HOSTS, parseConnectionString, parseSeeds, type Seed } from "./seeds.js";

/** Where the cluster is: text as `parseConnectionString` reads it, or a list of hosts. */
export type Hosts = string | readonly (string | Host)[];

/** @throws TypeError when it is neither, or says nothing of hosts. A password never appears in the message. */
export function connectionStringOf(hosts: Hosts): ConnectionString {
  if (typeof hosts === "string") return parseConnectionString(hosts);
  if (!Array.isArray(hosts)) throw new TypeError(`connect(hosts): expected ${HOSTS}, got ${describe(hosts)}`);
  if (hosts.length === 0) throw new TypeError(`connect(hosts): expected ${HOSTS}, got an empty array`);
  return { seeds: hosts.flatMap(seedsOf) };
}

function seedsOf(host: unknown, i: number): readonly Seed[] {
  if (host instanceof Host) return [host];
  if (typeof host !== "string" || host.trim() === "") {
    throw new TypeError(
      `connect(hosts): expected hosts[${i}] to be text such as "localhost:3000" or a Host, got ${describe(host)}`,
    );
  }
  if (host.includes("://")) {
    throw new TypeError(
      `connect(hosts): hosts[${i}] is a URL, which stands alone and names all hosts: "aerospike://h1,h2:3100"`,
    );
  }
  return parseSeeds(host);
}
