// Settings that have no effect here and can't be changed, as a server shows them that was not told otherwise.

/** Of a node. */
export const fixedServiceSettings: readonly string[] = words(`
  advertise-ipv6=false auto-pin=none batch-max-buffers-per-queue=255 batch-max-unused-buffers=256
  cgroup-mem-tracking=false debug-allocations=false disable-udf-execution=false enable-benchmarks-fabric=false
  enable-health-check=false enable-hist-info=false enforce-best-practices=false indent-allocations=false
  info-threads=16 keep-caps-ssd-health=false log-local-time=false log-millis=false microsecond-histograms=false
  migrate-fill-delay=0 migrate-max-num-incoming=4 min-cluster-size=1 node-id-interface=null os-group-perms=false
  poison-allocations=false quarantine-allocations=0 run-as-daemon=true secrets-address-port=null
  secrets-tls-context=null secrets-uds-path=null sindex-builder-threads=4 sindex-gc-period=10 stay-quiesced=false
  ticker-interval=10 tls-refresh-period=0 transaction-retry-ms=1002 vault-ca=null vault-namespace=null
  vault-path=null vault-token-file=null vault-url=null
`);

/** Of its network. */
export const fixedNetworkSettings: readonly string[] = words(`
  service.access-port=0 service.alternate-access-port=0 service.tls-port=0 service.tls-access-port=0
  service.tls-alternate-access-port=0 service.tls-name=null service.disable-localhost=false heartbeat.mode=mesh
  heartbeat.tls-port=0 heartbeat.tls-name=null heartbeat.interval=150 heartbeat.timeout=10
  heartbeat.connect-timeout-ms=500 heartbeat.mtu=65536 heartbeat.protocol=v3 fabric.tls-port=0 fabric.tls-name=null
  fabric.channel-bulk-fds=2 fabric.channel-bulk-recv-threads=4 fabric.channel-ctrl-fds=1
  fabric.channel-ctrl-recv-threads=4 fabric.channel-meta-fds=1 fabric.channel-meta-recv-threads=4
  fabric.channel-rw-fds=8 fabric.channel-rw-recv-pools=1 fabric.channel-rw-recv-threads=16
  fabric.keepalive-enabled=true fabric.keepalive-intvl=1 fabric.keepalive-probes=10 fabric.keepalive-time=1
  fabric.latency-max-ms=5 fabric.recv-rearm-threshold=1024 fabric.send-threads=8
`);

/** Of a namespace. */
export const fixedNamespaceSettings: readonly string[] = words(`
  active-rack=0 auto-revive=false conflict-resolution-policy=generation conflict-resolve-writes=false
  disable-cold-start-eviction=false disable-mrt-writes=false disallow-expunge=false
  enable-benchmarks-batch-sub=false enable-benchmarks-ops-sub=false enable-benchmarks-read=false
  enable-benchmarks-udf=false enable-benchmarks-udf-sub=false enable-benchmarks-write=false enable-hist-proxy=false
  evict-hist-buckets=10000 evict-indexes-memory-pct=0 evict-tenths-pct=5 ignore-migrate-fill-delay=false
  index-stage-size=1073741824 indexes-memory-budget=0 migrate-order=5 migrate-retransmit-ms=5000
  migrate-skip-unreadable=false migrate-sleep=1 nsup-hist-period=3600 nsup-threads=1
  partition-tree-sprigs=256 prefer-uniform-balance=false rack-id=0 read-consistency-level-override=off
  sindex-stage-size=1073741824 stop-writes-sys-memory-pct=90 strong-consistency-allow-expunge=false
  tomb-raider-eligible-age=86400 tomb-raider-period=86400 tomb-raider-unmark-threads=0 transaction-pending-limit=20
  truncate-threads=4 write-commit-level-override=off xdr-bin-tombstone-ttl=86400 xdr-tomb-raider-period=120
  xdr-tomb-raider-threads=1 geo2dsphere-within.strict=true geo2dsphere-within.min-level=1
  geo2dsphere-within.max-level=20 geo2dsphere-within.max-cells=12 geo2dsphere-within.level-mod=1
  geo2dsphere-within.earth-radius-meters=6371000 storage-engine.commit-to-device=false
  storage-engine.compression=none storage-engine.compression-acceleration=0 storage-engine.compression-level=0
  storage-engine.defrag-lwm-pct=50 storage-engine.defrag-queue-min=0 storage-engine.defrag-sleep=1000
  storage-engine.defrag-startup-minimum=0 storage-engine.direct-files=false storage-engine.disable-odsync=false
  storage-engine.enable-benchmarks-storage=false storage-engine.encryption-key-file=null
  storage-engine.encryption-old-key-file=null storage-engine.evict-used-pct=0 storage-engine.filesize=0
  storage-engine.flush-max-ms=1000 storage-engine.max-write-cache=67108864 storage-engine.stop-writes-used-pct=70
  storage-engine.tomb-raider-sleep=1000
`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
