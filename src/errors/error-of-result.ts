import { ResultCode } from "../../protocol/result-code.js";
import type { ResultError } from "../../protocol/result-error.js";
import { BatchError } from "./batch-error.js";
import { resultSentence, serverErrorCode } from "./error-code.js";
import {
  AerospikeError,
  AuthenticationError,
  AuthorizationError,
  BinError,
  BinExistsError,
  BinNotFoundError,
  BinOpInvalidError,
  BinTypeError,
  CapacityError,
  ElementExistsError,
  ElementNotFoundError,
  type ErrorDetails,
  FilteredOutError,
  GenerationError,
  IndexAlreadyExistsError,
  IndexNotFoundError,
  InvalidNamespaceError,
  KeyBusyError,
  QueryError,
  QueryTerminatedError,
  QuotaError,
  RecordExistsError,
  RecordNotFoundError,
  RecordTooBigError,
  SecondaryIndexError,
  SecurityError,
  TimeoutError,
  TransactionError,
} from "./errors.js";
import { parseLuaFailure, UdfError } from "./udf-error.js";

type ErrorClass = new (message: string, details?: ErrorDetails) => AerospikeError;

const classes = new Map<number, ErrorClass>();

function assign(errorClass: ErrorClass, ...codes: number[]): void {
  for (const code of codes) classes.set(code, errorClass);
}

assign(RecordNotFoundError, ResultCode.KEY_NOT_FOUND);
assign(RecordExistsError, ResultCode.KEY_EXISTS);
assign(GenerationError, ResultCode.GENERATION_ERROR);
assign(FilteredOutError, ResultCode.FILTERED_OUT);
assign(RecordTooBigError, ResultCode.RECORD_TOO_BIG);
assign(BinError, ResultCode.BIN_NAME_TOO_LONG);
assign(BinExistsError, ResultCode.BIN_EXISTS);
assign(BinNotFoundError, ResultCode.BIN_NOT_FOUND);
assign(BinTypeError, ResultCode.BIN_TYPE_ERROR);
assign(BinOpInvalidError, ResultCode.OP_NOT_APPLICABLE);
assign(ElementNotFoundError, ResultCode.ELEMENT_NOT_FOUND);
assign(ElementExistsError, ResultCode.ELEMENT_EXISTS);
assign(TimeoutError, ResultCode.TIMEOUT, ResultCode.QUERY_TIMEOUT);
assign(InvalidNamespaceError, ResultCode.INVALID_NAMESPACE);
assign(
  CapacityError,
  ResultCode.OUT_OF_SPACE,
  ResultCode.DEVICE_OVERLOAD,
  ResultCode.BATCH_MAX_REQUESTS_EXCEEDED,
  ResultCode.BATCH_QUEUES_FULL,
);
assign(KeyBusyError, ResultCode.KEY_BUSY);
assign(QueryTerminatedError, ResultCode.SCAN_ABORTED, ResultCode.QUERY_ABORTED);
assign(QueryError, ResultCode.QUERY_QUEUE_FULL, ResultCode.QUERY_GENERIC);
assign(BatchError, ResultCode.BATCH_DISABLED);
assign(UdfError, ResultCode.UDF_EXECUTION);
assign(QuotaError, ResultCode.QUOTAS_NOT_ENABLED, ResultCode.INVALID_QUOTA, ResultCode.QUOTA_EXCEEDED);
assign(AuthorizationError, ResultCode.ROLE_VIOLATION, ResultCode.NOT_WHITELISTED);
assign(
  AuthenticationError,
  ResultCode.SECURITY_NOT_SUPPORTED,
  ResultCode.INVALID_USER,
  ResultCode.INVALID_PASSWORD,
  ResultCode.EXPIRED_PASSWORD,
  ResultCode.INVALID_CREDENTIAL,
  ResultCode.EXPIRED_SESSION,
  ResultCode.NOT_AUTHENTICATED,
  ResultCode.LDAP_AUTHENTICATION,
);
assign(
  SecurityError,
  ResultCode.SECURITY_NOT_ENABLED,
  ResultCode.SECURITY_SCHEME_NOT_SUPPORTED,
  ResultCode.INVALID_COMMAND,
  ResultCode.INVALID_FIELD,
  ResultCode.ILLEGAL_STATE,
  ResultCode.USER_ALREADY_EXISTS,
  ResultCode.FORBIDDEN_PASSWORD,
  ResultCode.INVALID_ROLE,
  ResultCode.ROLE_ALREADY_EXISTS,
  ResultCode.INVALID_PRIVILEGE,
  ResultCode.INVALID_WHITELIST,
  ResultCode.LDAP_NOT_CONFIGURED,
  ResultCode.LDAP_SETUP,
  ResultCode.LDAP_TLS_SETUP,
  ResultCode.LDAP_QUERY,
);
for (let code = ResultCode.MRT_BLOCKED; code <= ResultCode.MRT_MONITOR_EXISTS; code++) assign(TransactionError, code);
for (let code = ResultCode.INDEX_FOUND; code <= ResultCode.INDEX_MAX_COUNT; code++) assign(SecondaryIndexError, code);
assign(IndexAlreadyExistsError, ResultCode.INDEX_FOUND);
assign(IndexNotFoundError, ResultCode.INDEX_NOT_FOUND);

/** What the message of an error names: which command, where. */
export interface ErrorContext extends Omit<ErrorDetails, "code" | "resultCode" | "cause" | "server"> {
  /** "get", "background update", "sindex-create". */
  readonly operation: string;
  readonly namespace?: string | undefined;
  readonly setName?: string | undefined;
}

/** A server's refusal as the error that the caller gets. */
export function errorOfResult(refusal: ResultError, context: ErrorContext): AerospikeError {
  const { resultCode, detail, details } = refusal;
  const errorClass = classes.get(resultCode) ?? AerospikeError;
  const subCode = details?.subCode === undefined ? undefined : `sub code ${details.subCode}`;
  const words = [
    detail === NOT_LOADED ? `${detail}, the module can't be loaded; is it registered?` : detail,
    details?.message,
    subCode,
  ].filter((text) => text !== undefined && text !== "");
  const said = words.length === 0 ? "" : `: ${words.join(", ")}`;
  return new errorClass(`${resultSentence(resultCode)}${said} (${describeContext(context)})`, {
    code: serverErrorCode(resultCode),
    resultCode,
    inDoubt: context.inDoubt,
    node: context.node,
    attempts: context.attempts,
    key: context.key,
    earlierErrors: context.earlierErrors,
    server: details,
    lua: resultCode === ResultCode.UDF_EXECUTION && detail !== undefined ? parseLuaFailure(detail) : undefined,
  });
}

/** All that a server says of a Lua module that it does not have. */
const NOT_LOADED = "UDF: Execution Error 1";

/** "get, namespace test, set users, node BB9… after 3 attempts". */
export function describeContext(context: ErrorContext): string {
  const parts = [context.operation];
  if (context.namespace !== undefined) parts.push(`namespace ${context.namespace}`);
  if (context.setName !== undefined && context.setName !== "") parts.push(`set ${context.setName}`);
  if (context.node !== undefined) parts.push(`node ${context.node}`);
  const text = parts.join(", ");
  const attempts = context.attempts ?? 0;
  return attempts > 1 ? `${text}, attempt ${attempts}` : text;
}
