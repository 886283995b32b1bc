// What programs may import from "aerowire/emulator", and nothing else.

// So that `await using` has its types in programs that compile for an older standard library.
/// <reference lib="esnext.disposable" preserve="true" />
export type { EmulatorClock } from "./clock/emulator-clock.js";
export type { Snapshot } from "./cluster/snapshot.js";
export { Emulator } from "./emulator.js";
export type { EmulatorNode } from "./emulator-node.js";
export type { CommandKind } from "./faults/command-kind.js";
export type { Fault, FaultAction, FaultScope, FaultSpec } from "./faults/fault.js";
export type { Faults } from "./faults/faults.js";
export type { JobGate, JobGateOptions } from "./faults/job-gate.js";
export type {
  AnyFixtureBins,
  FixtureBins,
  FixtureRecords,
  FixtureSet,
  Fixtures,
  LoadOptions,
} from "./fixtures/fixtures.js";
export type {
  MemoryEndpoint,
  MemoryNetworkOptions,
  MemorySocket,
  MemorySocketHandler,
} from "./listener/memory.js";
export { MemoryNetwork } from "./listener/memory.js";
export type { EmulatorTlsOptions } from "./listener/tls-options.js";
export type { NamespaceOptions } from "./namespace-options.js";
export type { EmulatedVersion, EmulatorOptions } from "./options.js";
export type { BinValue } from "./record/bin-value.js";
export type { RoleOptions, SecurityOptions, UserOptions } from "./security/security-options.js";
export type { UdfCompileError, UdfEngine, UdfModule, UdfRecord, UdfResult } from "./udf/udf-engine.js";
export type { UdfLog, UdfLogEntry } from "./udf/udf-log.js";
