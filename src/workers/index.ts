// `aerowire/workers`: clients for Cloudflare Workers, where each request must have its own.

export {
  type KeepOptions,
  KeptAerospike,
  keepAerospike,
} from "./keep-aerospike.js";
export type { WorkersOptions } from "./kept-cluster.js";
export { type RequestScope, type WaitUntil, withAerospike } from "./with-aerospike.js";
