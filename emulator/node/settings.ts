import { booleanSetting, numberSetting, orNever, type Setting, secondsSetting } from "./setting.js";

const MAX_TTL_SECONDS = 315_360_000;
const MEGABYTE = 1024 * 1024;

/** Settings of a node that are not a namespace's. Each node has its own, as each server has its own file. */
export class ServiceSettings {
  batchIndexThreads = 8;
  batchMaxRequests = 0;
  infoMaxMs = 10_000;
  migrateThreads = 1;
  protoFdIdleMs = 0;
  queryMaxDone = 100;
  queryThreadsLimit = 128;
  transactionMaxMs = 1000;
}

export const serviceSettings: readonly Setting<ServiceSettings>[] = [
  numberSetting("batch-index-threads", "batchIndexThreads", 0, 256),
  numberSetting("batch-max-requests", "batchMaxRequests"),
  numberSetting("info-max-ms", "infoMaxMs", 500, 10_000),
  numberSetting("migrate-threads", "migrateThreads", 0, 100),
  numberSetting("proto-fd-idle-ms", "protoFdIdleMs"),
  numberSetting("query-max-done", "queryMaxDone", 0, 10_000),
  numberSetting("query-threads-limit", "queryThreadsLimit", 1, 1024),
  numberSetting("transaction-max-ms", "transactionMaxMs"),
];

/** A node's settings for a namespace. */
export class NamespaceSettings {
  allowTtlWithoutNsup = false;
  applyTtlReductions = true;
  backgroundQueryMaxRps = 10_000;
  defaultReadTouchTtlPct = 0;
  defaultTtl = 0;
  disableWriteDupRes = false;
  disallowNullSetname = false;
  forceLongQueries = false;
  inlineShortQueries = false;
  maxRecordSize = MEGABYTE;
  /** Seconds that a transaction has when its client does not say; 0 where there are none. */
  mrtDuration = 0;
  nsupPeriod = 0;
  rejectNonXdrWrites = false;
  rejectXdrWrites = false;
  replicationFactor = 2;
  singleQueryThreads = 4;
  stopWritesAvailPct = 5;
  strongConsistency = false;
}

export const namespaceSettings: readonly Setting<NamespaceSettings>[] = [
  booleanSetting("allow-ttl-without-nsup", "allowTtlWithoutNsup"),
  booleanSetting("apply-ttl-reductions", "applyTtlReductions"),
  numberSetting("background-query-max-rps", "backgroundQueryMaxRps", 1, 1_000_000),
  numberSetting("default-read-touch-ttl-pct", "defaultReadTouchTtlPct", 0, 100),
  secondsSetting("default-ttl", "defaultTtl", MAX_TTL_SECONDS),
  booleanSetting("disable-write-dup-res", "disableWriteDupRes"),
  booleanSetting("disallow-null-setname", "disallowNullSetname"),
  booleanSetting("force-long-queries", "forceLongQueries"),
  booleanSetting("inline-short-queries", "inlineShortQueries"),
  numberSetting("max-record-size", "maxRecordSize", MEGABYTE, 8 * MEGABYTE),
  secondsSetting("nsup-period", "nsupPeriod"),
  booleanSetting("reject-non-xdr-writes", "rejectNonXdrWrites"),
  booleanSetting("reject-xdr-writes", "rejectXdrWrites"),
  numberSetting("single-query-threads", "singleQueryThreads", 1, 128),
  {
    ...numberSetting("stop-writes-avail-pct", "stopWritesAvailPct", 0, 100),
    shownAs: "storage-engine.stop-writes-avail-pct",
  },
];

/** A node's settings for a set. */
export class SetSettings {
  /** 0: the namespace's; NEVER: none. */
  defaultReadTouchTtlPct = 0;
  /** 0: the namespace's; NEVER: none. */
  defaultTtl = 0;
  disableEviction = false;
  enableIndex = false;
  /** 0: no limit. */
  stopWritesCount = 0;
  stopWritesSize = 0;
}

export const setSettings: readonly Setting<SetSettings>[] = [
  orNever(numberSetting("default-read-touch-ttl-pct", "defaultReadTouchTtlPct", 0, 100), "defaultReadTouchTtlPct"),
  orNever(secondsSetting("default-ttl", "defaultTtl", MAX_TTL_SECONDS), "defaultTtl"),
  booleanSetting("disable-eviction", "disableEviction"),
  booleanSetting("enable-index", "enableIndex"),
  numberSetting("stop-writes-count", "stopWritesCount"),
  numberSetting("stop-writes-size", "stopWritesSize", 0, Number.MAX_SAFE_INTEGER),
];
