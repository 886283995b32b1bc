import { encodeBase64 } from "../bytes/base64.js";
import { checkInfoName, checkNamespace } from "../check/check-names.js";
import { describe } from "../value/invalid-value.js";

// Cross-datacenter replication, Enterprise Edition. A filter says which records are shipped.
//   xdr-set-filter:dc=<datacenter>;namespace=<ns>;exp=<base64 of a packed expression, or null for none>

/** @param filter a packed expression; undefined to ship every record */
export function xdrSetFilter(datacenter: string, namespace: string, filter: Uint8Array | undefined): string {
  if (typeof datacenter !== "string" || datacenter === "") {
    throw new TypeError(`The datacenter is ${describe(datacenter)}: it must be a name`);
  }
  checkInfoName("datacenter", datacenter);
  checkNamespace(namespace);
  return `xdr-set-filter:dc=${datacenter};namespace=${namespace};exp=${filter === undefined ? "null" : encodeBase64(filter)}`;
}
