// The public API: everything that a program may import, and nothing else.

// So that `await using` has its types in programs that compile for an older standard library.
/// <reference lib="esnext.disposable" preserve="true" />

// The types of browsers and of Node.js have these, and this adds nothing to them. Programs compiled with neither get
// ones that say nothing, so that declarations which mention them compile.
declare global {
  interface AbortSignal {}
  interface ReadableStream<R> {}
}

export type { AelParam } from "../ael/params.js";
// Places and rules inside of lists, maps, bits and sketches
export { CTX } from "../protocol/cdt/context.js";
export {
  BitWriteFlags,
  BitwiseOverflowActions,
  BitwiseResizeFlags,
  HLLWriteFlags,
  INVERTED,
  ListOrderType,
  ListReturnType,
  ListSortFlags,
  ListWriteFlags,
  MapOrder,
  MapReturnType,
  MapWriteFlags,
  StringNumericType,
  StringRegexFlags,
  StringWriteFlags,
} from "../protocol/cdt/flags.js";
// Expressions
export { type PathOptions, PathSelectFlags } from "../protocol/cdt/path.js";
// How reads and writes behave towards replicas
export type { NamespaceOwners } from "../protocol/cluster/partition-map.js";
export type { QueryDuration } from "../protocol/command/query-request.js";
export type { ReadModeAp, ReadModeSc } from "../protocol/command/read-policy.js";
export type { CommitLevel } from "../protocol/command/write-policy.js";
export { type ExpKind, ExpType } from "../protocol/exp/exp-type.js";
export type { PackedExpression } from "../protocol/exp/packed-expression.js";
export type { UdfModule } from "../protocol/info/udf-info.js";
// Values
export type { RecordKey, UserKey } from "../protocol/key/record-key.js";
// Errors
export type { ErrorDetailLevel, ExpressionTrace } from "../protocol/message/error-details.js";
export { ResultCode } from "../protocol/result-code.js";
export type { DataPrivilege, GlobalPrivilege } from "../protocol/security/privilege.js";
export type { UserActivity } from "../protocol/security/users.js";
export { Double, double } from "../protocol/value/double.js";
export { GeoJson } from "../protocol/value/geojson.js";
export { Hll } from "../protocol/value/hll.js";
export { INFINITY, WILDCARD } from "../protocol/value/special.js";
export type { MapKey, Value } from "../protocol/value/value.js";
export type { Runtime, Timer } from "../runtime/runtime.js";
// Administration
export type { ClusterProgress, ClusterTask, ClusterWaitOptions } from "./admin/cluster-task.js";
export type {
  BinIndexOptions,
  CreateIndexOptions,
  ExpressionIndexOptions,
  SetIndexOptions,
} from "./admin/create-index.js";
export type { CreateOptions, IndexBuilder } from "./admin/index-builder.js";
export type { DropIndexTask, IndexTask } from "./admin/index-task.js";
export type {
  IndexDetails,
  IndexInfo,
  IndexStat,
  InfoCommands,
  InfoOptions,
  Merged,
  NamespaceDetails,
  NodeStat,
  SetDetails,
} from "./admin/info-commands.js";
export type {
  ChangePasswordOptions,
  Privilege,
  Quotas,
  Role,
  RoleOptions,
  SecurityCommands,
  User,
} from "./admin/security-commands.js";
export type { TruncateOptions } from "./admin/truncate.js";
export { UdfCompileError } from "./admin/udf-compile-error.js";
export type { RegisterTask, UdfRemoveTask } from "./admin/udf-task.js";
export type { XdrFilter } from "./admin/xdr-filter.js";
export { AelParseError } from "./ael/ael-parse-error.js";
export type { PreparedAel } from "./ael/prepared.js";
// Background tasks
export * from "./background/index.js";
export {
  BackgroundStartError,
  type NodeStart,
  TaskAbortedError,
  TaskRecordsFailedError,
} from "./background/task-errors.js";
export type { TaskEvent } from "./background/task-observer.js";
// Connecting
export { Cluster } from "./client/cluster.js";
export { ClusterDefinition, type SystemSettings } from "./client/cluster-definition.js";
export { connect } from "./client/connect.js";
export type { AuthMode, ConnectOptions } from "./client/connect-options.js";
export { Host } from "./client/host.js";
export type { NodeInfo } from "./client/node-info.js";
export type { Session, TransactionalSession } from "./client/session.js";
export type { ConnectTlsOptions, TlsSettings } from "./client/tls-settings.js";
// Observing
export type { ClusterTable, TableNode } from "./cluster/cluster-table.js";
export type {
  BreakerEvent,
  CommandEvent,
  ConnectionEvent,
  DatabaseAttributes,
  NodeEvent,
  TendEvent,
} from "./cluster/diagnostics.js";
export type { ServerFeature } from "./cluster/features.js";
export type { LogEntry, Logger, LogLevel } from "./cluster/logger.js";
export { type LatencyBucket, type LatencyHistogram, latencyQuantile } from "./cluster/metrics/latency.js";
export type {
  ClusterMetrics,
  ErrorMetrics,
  LaneMetrics,
  LaneName,
  NodeMetrics,
  OperationMetrics,
  RowMetrics,
} from "./cluster/metrics/metrics.js";
export type { Replica } from "./cluster/options.js";
export type { Telemetry } from "./cluster/telemetry.js";
export { VERSION } from "./cluster/version.js";
// Records
export { type BinCodec, dateAsMilliseconds, dateAsText } from "./data/bin-codec.js";
export type { AnyBins, BinInput, BinInputOf, BinName, BinsInput, BinsShape } from "./data/bin-types.js";
export { DataSet } from "./data/data-set.js";
export type { CodecOptions, CodecsOf, DoublesOption, ObjectMapper } from "./data/data-set-options.js";
export type { BinDeclaration, BinDeclarations, Declared, DeclaredBins, ObjectOf, SchemaBins } from "./data/declared.js";
export type { JsonValue } from "./data/json.js";
export { Key, type KeyJson } from "./data/key.js";
export type { SchemaInput, SchemaOutput, SchemaResult, StandardSchema } from "./data/standard-schema.js";
export { BatchError, type BatchRow } from "./errors/batch-error.js";
export type { ErrorCode } from "./errors/error-code.js";
export {
  AbortError,
  AerospikeError,
  AuthenticationError,
  AuthorizationError,
  BackoffError,
  BinError,
  BinExistsError,
  BinNotFoundError,
  BinOpInvalidError,
  BinTypeError,
  CapacityError,
  ConnectionError,
  ElementError,
  ElementExistsError,
  ElementNotFoundError,
  type ErrorDetails,
  FilteredOutError,
  GenerationError,
  IndexAlreadyExistsError,
  IndexNotFoundError,
  InvalidNamespaceError,
  InvalidNodeError,
  KeyBusyError,
  type LuaFailure,
  MaxErrorRateError,
  QueryError,
  QueryTerminatedError,
  QuotaError,
  RecordExistsError,
  RecordNotFoundError,
  RecordTooBigError,
  type SchemaIssue,
  SecondaryIndexError,
  SecurityError,
  SerializationError,
  TimeoutError,
  TransactionError,
} from "./errors/errors.js";
export { SchemaError } from "./errors/schema-error.js";
export { UdfError } from "./errors/udf-error.js";
export { Exp } from "./exp/exp.js";
export type { ExpValue } from "./exp/exp-value.js";
export { LoopVarPart } from "./exp/paths.js";
export { RegexFlag } from "./exp/regex-flag.js";
export { serverAel, serverAelOf } from "./exp/server-ael.js";
export type { TextParam } from "./exp/text-params.js";
// Sessions, data sets, keys
export {
  Behavior,
  type BehaviorChanges,
  type CommandKind,
  type CommandShape,
  type NamespaceMode,
  type TxnStep,
  type TxnStepPatch,
} from "./policy/behavior.js";
export type { CallOptions } from "./policy/call-options.js";
export type { Settings, SettingsPatch } from "./policy/settings.js";
export type { TransactionSettings } from "./policy/transaction-settings.js";
// Indexes as a filter
export { Filter, type FilterTarget, type IndexedCollection, type IndexedGeoCollection } from "./query/filter.js";
export type { ChosenIndex, ConsideredIndex, IndexChoice, KnownIndex } from "./query/index-choice/choose-index.js";
export type { Planner, RejectedIndex } from "./query/index-decision.js";
export type { QueryHint } from "./query/query-hint.js";
export * from "./records/bins/index.js";
export type { DefaultExpiry } from "./records/builders/default-expiry.js";
export type { DeleteBuilder } from "./records/builders/delete-builder.js";
export type { ExistsBuilder } from "./records/builders/exists-builder.js";
export type { KeyCommandBuilder } from "./records/builders/key-command-builder.js";
export type {
  KeyQueryBuilder,
  KeyReadBuilder,
  KeyReadOperationsBuilder,
} from "./records/builders/key-query-builder.js";
export type { DataSetWriteBuilder, RowBuilder, RowsBuilder, RowValues } from "./records/builders/row-builder.js";
export type { TouchBuilder } from "./records/builders/touch-builder.js";
export type { UdfBuilder, UdfFunctionBuilder } from "./records/builders/udf-builder.js";
export type { WriteSegmentBuilder } from "./records/builders/write-segment-builder.js";
export type { GetOptions } from "./records/get-options.js";
export type { KeyCommandOptions, KeyErrorHandler } from "./records/key-command-options.js";
export type { KeyVerbs } from "./records/key-verbs.js";
export type { AggregateBuilder, AggregateOptions } from "./records/queries/aggregate-builder.js";
export type { AggregateRows } from "./records/queries/aggregate-rows.js";
export type { ComputedRecord, ComputedRecordJson } from "./records/queries/computed-record.js";
export type {
  ComputedBin,
  DataSetOperationsBuilder,
  NextComputed,
  NextOwn,
} from "./records/queries/data-set-operations-builder.js";
export type { DataSetQueryBuilder } from "./records/queries/data-set-query-builder.js";
export type { DataSetReadBuilder } from "./records/queries/data-set-read-builder.js";
export type { QueryOptions } from "./records/queries/query-options.js";
export type { PartitionRange, QueryPlan } from "./records/queries/query-plan.js";
export type { QueryRows } from "./records/queries/query-rows.js";
export type { SortedQuery, SortLimits, SortOptions } from "./records/queries/sorted-query.js";
export { Record, type RecordJson } from "./records/record.js";
export { type OkResult, RecordResult } from "./records/record-result.js";
export { RecordStream } from "./records/record-stream.js";
export type { OperationBins, OperationResults, Operations, Results, UdfResults } from "./records/row-types.js";
// Transactions
export type { DoInTransactionOptions } from "./transactions/attempts.js";
export type { EndOptions } from "./transactions/commit.js";
export {
  CommitError,
  type CommitErrorReason,
  type CommitOutcome,
  type TxnFailure,
} from "./transactions/commit-error.js";
export type { TransactionOptions, Txn } from "./transactions/txn.js";
export type { TxnState, TxnStatus } from "./transactions/txn-status.js";
export { type NodeTransportOptions, nodeTransport } from "./transport/node.js";
export type { NodeTlsOptions, TlsVersion } from "./transport/tls-options.js";
export type {
  DiagnosticsChannel,
  Endpoint,
  Socket,
  SocketHandler,
  Transport,
  TransportDefaults,
} from "./transport/transport.js";
