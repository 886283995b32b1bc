import { ResultCode } from "../../protocol/result-code.js";
import type { InfoCommand, InfoCommands } from "./info-command.js";
import { InfoError } from "./info-error.js";

const enterprise: InfoCommand = () => {
  throw new InfoError(ResultCode.ENTERPRISE_ONLY, "enterprise only");
};

const unemulated: InfoCommand = () => {
  throw new InfoError(ResultCode.UNSUPPORTED_FEATURE, "not emulated");
};

function all(names: readonly string[], command: InfoCommand): InfoCommands {
  return Object.fromEntries(names.map((name) => [name, command]));
}

/** Commands that this edition does not have. */
export const enterpriseCommands: InfoCommands = all(
  [
    "alumni-tls-alt",
    "alumni-tls-std",
    "feature-key",
    "masking",
    "masking-show",
    "peers-tls-alt",
    "quiesce",
    "quiesce-undo",
    "rack-ids",
    "racks",
    "roster",
    "roster-set",
    "service-tls-alt",
    "xdr-dc-state",
    "xdr-get-filter",
    "xdr-set-filter",
  ],
  enterprise,
);

/** Commands of a server that say nothing true of an emulated node. */
export const unemulatedCommands: InfoCommands = all(
  [
    "debug-record",
    "debug-record-meta",
    "dump-cluster",
    "dump-fabric",
    "dump-hb",
    "dump-hlc",
    "dump-migrates",
    "dump-rw",
    "dump-skew",
    "dump-wb-summary",
    "endpoints",
    "eviction-reset",
    "help",
    "histogram",
    "index-pressure",
    "jem-stats",
    "latencies",
    "log-message",
    "mcast",
    "mesh",
    "partition-info",
    "partitions",
    "physical-devices",
    "smd-info",
    "smd-show",
    "thread-traces",
    "tip",
    "tip-clear",
  ],
  unemulated,
);
