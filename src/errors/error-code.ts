/**
 * Every value of `AerospikeError.code`: stable names to branch on, where messages may change between versions.
 * The first part are result codes of a server, by name; the rest only a client can find.
 */
export type ErrorCode = ServerErrorCode | ClientErrorCode;

export type ClientErrorCode =
  /** The caller's AbortSignal. */
  | "ABORTED"
  /** An expression in the text language that can't be read. */
  | "AEL_PARSE"
  /** A background task that did not start on every node. */
  | "BACKGROUND_START"
  /** A command on several keys of which some failed. */
  | "BATCH_FAILED"
  /** Bytes from a server that are not what the protocol allows. */
  | "BAD_REPLY"
  /** A campaign that somebody else runs. */
  | "CAMPAIGN_BUSY"
  /** What a campaign can't do, or no more; see `CampaignError`. */
  | "CAMPAIGN_ABORTED"
  | "CAMPAIGN_DIFFERS"
  | "CAMPAIGN_ENDED"
  | "CAMPAIGN_EXISTS"
  | "CAMPAIGN_LEASE_LOST"
  | "CAMPAIGN_NOT_FOUND"
  | "CAMPAIGN_PAUSED"
  /** `close()` was called. */
  | "CLIENT_CLOSED"
  | "CLIENT_ERROR"
  /** The node belongs to a cluster of another name than the one asked for. */
  | "CLUSTER_NAME"
  /** A transaction that was not committed as it should: see `CommitError`. */
  | "COMMIT_FAILED"
  /** A file of `aerowire/config` that says something that can't be. */
  | "CONFIG"
  | "CONNECTION"
  /** No node serves the partition, or the node asked for has left the cluster. */
  | "INVALID_NODE"
  /** The node failed too often within the error-rate window, so nothing was sent to it. */
  | "MAX_ERROR_RATE"
  /** Bytes that `aerowire/packed` can't read. */
  | "PACKED"
  /** A query whose operations failed on some of its records, which did not come; or nobody knows whether they did. */
  | "QUERY_RECORDS_FAILED"
  /** A query that is to be sorted gives more than may be held in memory. */
  | "RESULT_TOO_LARGE"
  /** A value that the schema of its data set does not allow, or that could not be mapped: see `SchemaError`. */
  | "SCHEMA"
  /** A background task that was stopped or given up before its end. */
  | "TASK_ABORTED"
  | "TASK_LOST"
  | "TASK_RECORDS_FAILED"
  /** A background task that was attached by its id, and that no node knows. */
  | "TASK_UNKNOWN"
  /** Something that can't be done in a transaction, or not as it stands. */
  | "TRANSACTION"
  /** A transaction that was ended already. */
  | "TXN_ALREADY_ABORTED"
  | "TXN_ALREADY_COMMITTED";

export type ServerErrorCode = (typeof names)[keyof typeof names] | `RESULT_CODE_${number}`;

const names = {
  1: "SERVER_ERROR",
  2: "RECORD_NOT_FOUND",
  3: "GENERATION",
  4: "PARAMETER",
  5: "RECORD_EXISTS",
  6: "BIN_EXISTS",
  7: "CLUSTER_KEY_MISMATCH",
  8: "OUT_OF_SPACE",
  9: "TIMEOUT",
  10: "ALWAYS_FORBIDDEN",
  11: "PARTITION_UNAVAILABLE",
  12: "BIN_TYPE",
  13: "RECORD_TOO_BIG",
  14: "KEY_BUSY",
  15: "QUERY_TERMINATED",
  16: "UNSUPPORTED_FEATURE",
  17: "BIN_NOT_FOUND",
  18: "DEVICE_OVERLOAD",
  19: "KEY_MISMATCH",
  20: "INVALID_NAMESPACE",
  21: "BIN_NAME",
  22: "FORBIDDEN",
  23: "ELEMENT_NOT_FOUND",
  24: "ELEMENT_EXISTS",
  25: "ENTERPRISE_ONLY",
  26: "OP_NOT_APPLICABLE",
  27: "FILTERED_OUT",
  28: "LOST_CONFLICT",
  29: "INVALID_ENCODING",
  32: "XDR_KEY_BUSY",
  50: "QUERY_END",
  51: "SECURITY_NOT_SUPPORTED",
  52: "SECURITY_NOT_ENABLED",
  53: "SECURITY_SCHEME_NOT_SUPPORTED",
  54: "INVALID_COMMAND",
  55: "INVALID_FIELD",
  56: "ILLEGAL_STATE",
  60: "INVALID_USER",
  61: "USER_EXISTS",
  62: "INVALID_PASSWORD",
  63: "EXPIRED_PASSWORD",
  64: "FORBIDDEN_PASSWORD",
  65: "INVALID_CREDENTIAL",
  66: "EXPIRED_SESSION",
  70: "INVALID_ROLE",
  71: "ROLE_EXISTS",
  72: "INVALID_PRIVILEGE",
  73: "INVALID_WHITELIST",
  74: "QUOTAS_NOT_ENABLED",
  75: "INVALID_QUOTA",
  80: "NOT_AUTHENTICATED",
  81: "ROLE_VIOLATION",
  82: "NOT_WHITELISTED",
  83: "QUOTA_EXCEEDED",
  90: "LDAP_NOT_CONFIGURED",
  91: "LDAP_SETUP",
  92: "LDAP_TLS_SETUP",
  93: "LDAP_AUTHENTICATION",
  94: "LDAP_QUERY",
  100: "UDF",
  120: "MRT_BLOCKED",
  121: "MRT_VERSION_MISMATCH",
  122: "MRT_EXPIRED",
  123: "MRT_TOO_MANY_WRITES",
  124: "MRT_COMMITTED",
  125: "MRT_ABORTED",
  126: "MRT_ALREADY_LOCKED",
  127: "MRT_MONITOR_EXISTS",
  150: "BATCH_DISABLED",
  151: "BATCH_MAX_REQUESTS",
  152: "BATCH_QUEUES_FULL",
  160: "INVALID_GEOJSON",
  200: "INDEX_EXISTS",
  201: "INDEX_NOT_FOUND",
  202: "INDEX_OUT_OF_MEMORY",
  203: "INDEX_NOT_READABLE",
  204: "INDEX",
  205: "INDEX_NAME",
  206: "INDEX_MAX_COUNT",
  210: "QUERY_TERMINATED",
  211: "QUERY_QUEUE_FULL",
  212: "TIMEOUT",
  213: "QUERY",
} as const;

/** What each result code means, as the start of a message. */
const sentences: { readonly [code: number]: string } = {
  1: "The server failed without giving a reason",
  2: "The record does not exist",
  3: "The record's generation is not the expected one",
  4: "The server refused a parameter of the request",
  5: "The record exists already",
  6: "The bin exists already",
  7: "The cluster is changing",
  8: "The namespace is full: it has stopped taking writes",
  9: "The server timed out",
  10: "The server's configuration forbids the operation",
  11: "The record's partition is not available at the moment",
  12: "The operation does not fit the type of the bin",
  13: "The record would become larger than max-record-size of the namespace allows",
  14: "Too many commands wait for the same record",
  15: "The query or job was stopped",
  16: "The server does not support this, or not in this combination",
  17: "The bin does not exist",
  18: "The server's storage device can't keep up with the writes",
  19: "The stored key differs from the key sent: two keys have the same digest",
  20: "The namespace does not exist on the server",
  21: "The bin name is longer than 15 bytes or contains a NUL",
  22: "The server's configuration or state forbids the operation",
  23: "The element does not exist in the list or map",
  24: "The element exists already in the list or map",
  25: "This takes the Enterprise Edition, as transactions and durable deletes do",
  26: "The operation can't be applied to the bin's value",
  27: "The filter expression excluded the record",
  28: "The write lost a conflict with one from another site",
  29: "The text is not valid UTF-8",
  32: "A write from another site is being applied to the record",
  50: "The list has ended",
  51: "The server has no security: it is the Community Edition, or too old. Connect without credentials",
  52: "Security is not enabled on the server",
  53: "The server does not know the authentication scheme",
  54: "The server does not know the security command",
  55: "The security command has a field that the server does not know",
  56: "The security command makes no sense in this state",
  60: "The user is unknown",
  61: "The user exists already",
  62: "The password is not acceptable",
  63: "The password has expired",
  64: "The password was used before",
  65: "User and password do not match",
  66: "The login has expired",
  70: "The role is unknown",
  71: "The role exists already",
  72: "The privilege is unknown",
  73: "The list of allowed addresses is not valid",
  74: "Quotas are not enabled on the server",
  75: "The quota is not valid",
  80: "The connection is not logged in",
  81: "The user's roles do not allow this",
  82: "The user may not connect from this address",
  83: "The user's quota is used up",
  90: "The server has no LDAP configured",
  91: "The server's LDAP setup is wrong",
  92: "The server's LDAP setup for TLS is wrong",
  93: "LDAP did not accept user and password",
  94: "The server could not ask LDAP",
  100: "The user-defined function failed",
  120: "The record is locked by another transaction",
  121: "The record changed since the transaction read it",
  122: "The transaction has expired",
  123: "The transaction has too many writes",
  124: "The transaction is committed already",
  125: "The transaction is aborted already",
  126: "The transaction has locked the record already",
  127: "The transaction exists already",
  150: "The server has batches disabled",
  151: "The batch has more keys than the server allows",
  152: "The server has too many batches waiting",
  160: "The text is not valid GeoJSON",
  200: "An index of this name with another definition exists already",
  201: "The index does not exist",
  202: "The server has no memory for the index",
  203: "The index is still being built",
  204: "The index can't be used",
  205: "The index name is too long",
  206: "The namespace has as many indexes as it may have",
  210: "The query or job was stopped",
  211: "The server has too many queries waiting",
  212: "The query timed out on the server",
  213: "The query failed",
};

function isNamed(resultCode: number): resultCode is keyof typeof names {
  return Object.hasOwn(names, resultCode);
}

/** The stable name of a server's result code. */
export function serverErrorCode(resultCode: number): ServerErrorCode {
  return isNamed(resultCode) ? names[resultCode] : `RESULT_CODE_${resultCode}`;
}

/** A result code in words, without full stop. */
export function resultSentence(resultCode: number): string {
  return (
    sentences[resultCode] ??
    `The server returned result code ${resultCode}, which this version of the client does not know`
  );
}

const transientCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "TIMEOUT",
  "CONNECTION",
  "INVALID_NODE",
  "PARTITION_UNAVAILABLE",
  "CLUSTER_KEY_MISMATCH",
  "MAX_ERROR_RATE",
  "DEVICE_OVERLOAD",
  "KEY_BUSY",
  "XDR_KEY_BUSY",
  "QUERY_QUEUE_FULL",
  "BATCH_QUEUES_FULL",
  "QUOTA_EXCEEDED",
  "MRT_BLOCKED",
  "INDEX_NOT_READABLE",
  "EXPIRED_SESSION",
]);

/** Whether what failed with this code may succeed later, with nothing changed. */
export function isTransientCode(code: ErrorCode): boolean {
  return transientCodes.has(code);
}
