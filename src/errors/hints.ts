import { ResultCode } from "../../protocol/result-code.js";

/** What to do about a result code, where the code alone says enough. */
const BY_CODE: ReadonlyMap<number, string> = new Map([
  [ResultCode.GENERATION_ERROR, "Read the record again, and make the change on what it is now"],
  [ResultCode.RECORD_TOO_BIG, "Spread the data over several records, or raise max-record-size of the namespace"],
  [
    ResultCode.OUT_OF_SPACE,
    "Give the namespace more room, or let records expire: it takes writes again once there is room",
  ],
  [
    ResultCode.KEY_BUSY,
    "Spread the writes over more records, or wait between them; transaction-pending-limit is how many may wait",
  ],
  [ResultCode.DEVICE_OVERLOAD, "Write more slowly, or raise max-write-cache of the namespace"],
  [ResultCode.ENTERPRISE_ONLY, "Use a cluster of the Enterprise Edition for it"],
  [
    ResultCode.INVALID_NAMESPACE,
    "Namespaces come from the configuration of the servers; they can't be made by a client",
  ],
  [ResultCode.SECURITY_NOT_SUPPORTED, "Connect without user and password"],
  [
    ResultCode.SECURITY_NOT_ENABLED,
    "Switch security on in the configuration of the servers, or connect without user and password",
  ],
  [ResultCode.ROLE_VIOLATION, "Grant the user a role with the privilege that it takes"],
  [ResultCode.NOT_WHITELISTED, "Add the address to the allowlist of the user's roles"],
  [ResultCode.QUOTA_EXCEEDED, "Ask less often, or raise the quotas of the user's roles"],
  [ResultCode.QUOTAS_NOT_ENABLED, "Set enable-quotas in the configuration of the servers"],
  [ResultCode.EXPIRED_PASSWORD, "Change the password"],
  [
    ResultCode.INDEX_NOT_FOUND,
    "Create the index, or leave out the filter that asks for it; where() finds an index by itself",
  ],
  [ResultCode.INDEX_NOT_READABLE, "Wait until the index is built: task.waitTillComplete()"],
  [ResultCode.INDEX_MAX_COUNT, "Drop an index that is not needed"],
]);

/** What a sub code stands for. Its numbers mean something only together with the result code, and never change. */
const BY_SUB_CODE: ReadonlyMap<number, readonly (string | undefined)[]> = new Map<
  number,
  readonly (string | undefined)[]
>([
  [
    ResultCode.PARAMETER_ERROR,
    [
      undefined,
      "The time to live is none that the namespace takes: nsup-period is 0, or it is more than ten years",
      "The offset lies outside of the bytes",
      "The size lies outside of the bytes, or of what an operation on bits takes",
      "The size to resize to is none",
      "There are more operations or bins than a request may have",
      "The parameters of the string operation are wrong",
      "The server does not know the string operation",
      "The context of the string operation leads nowhere",
      "The index lies outside of the string",
      "The regular expression can't be read; servers from 8.2 read those of ICU",
      "The text is not valid UTF-8",
    ],
  ],
  [
    ResultCode.PARTITION_UNAVAILABLE,
    [
      undefined,
      "The node has just started and does not know its partitions yet",
      "The replica is not there",
      "The node is shutting down",
    ],
  ],
  [ResultCode.UNSUPPORTED_FEATURE, [undefined, "Transactions take a namespace with strong consistency"]],
  [
    ResultCode.FORBIDDEN,
    [
      undefined,
      "A filter of cross-datacenter replication keeps the record out",
      "The set has as many records as its stop-writes-count allows",
      "The set has as many bytes as its stop-writes-size allows",
      "The clocks of the nodes are too far apart: the namespace takes no writes",
      "The record can't be replaced while its copies are being compared",
      "The record was truncated at the same time",
      undefined,
      "A namespace with strong consistency takes durable deletes only",
    ],
  ],
  [
    ResultCode.OP_NOT_APPLICABLE,
    [
      undefined,
      "The index lies outside of the list or map",
      "The rank lies outside of the list or map",
      "The list is bounded, and the index lies beyond its end",
      "The sketch has other index bits, or cannot take the operation",
      "The sketch has other index bits, or cannot take the operation",
      "The sketch has other index bits, or cannot take the operation",
      "The sketch has other index bits, or cannot take the operation",
      "The sketch has other index bits, or cannot take the operation",
      "The sketch has other index bits, or cannot take the operation",
      "The string can't be converted",
      "The string is not valid UTF-8",
      "The regular expression took too long for this string",
      "The string is not base64",
    ],
  ],
  [
    ResultCode.MRT_BLOCKED,
    [undefined, "Another transaction has the record locked", "The record is locked by a transaction of another id"],
  ],
]);

/** Advice by sub code where there is one for it, else by code. */
export function hintFor(resultCode: number, subCode: number | undefined): string | undefined {
  const bySubCode = subCode === undefined ? undefined : BY_SUB_CODE.get(resultCode)?.[subCode];
  return bySubCode ?? BY_CODE.get(resultCode);
}
