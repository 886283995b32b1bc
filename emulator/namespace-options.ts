import { checkOptions, type OptionNames } from "../protocol/check/check-options.js";
import { describe } from "../protocol/value/invalid-value.js";
import type { NamespaceSettings } from "./node/settings.js";
import { whole } from "./option-values.js";
import { writeName } from "./record/name.js";

const MAX_NAMESPACE_BYTES = 31;
const MAX_TTL_SECONDS = 315_360_000;

/** A namespace of an emulated cluster. */
export interface NamespaceOptions {
  /** 1 to 31 bytes of UTF-8. */
  readonly name: string;
  /** Time to live in seconds of records that are written without one, 0 (default) for never: `default-ttl`. */
  readonly defaultTtl?: number;
  /** Seconds between removals of expired records, 0 to let none expire by itself. Default 120: `nsup-period`. */
  readonly nsupPeriod?: number;
  /** Whether a time to live is accepted although `nsupPeriod` is 0. Default false: `allow-ttl-without-nsup`. */
  readonly allowTtlWithoutNsup?: boolean;
  /** Most records a second that a background job works on, on each node. Default 10,000: `background-query-max-rps`. */
  readonly backgroundQueryMaxRps?: number;
  /**
   * Whether it behaves as one of the Enterprise Edition in strong consistency: transactions, deletes that leave
   * tombstones, linearized reads, partitions that are unavailable rather than split in two. Made from what is public of
   * servers and clients, and never compared with a server. Default false: `strong-consistency`.
   */
  readonly strongConsistency?: boolean;
  /** Seconds that a transaction has when its client does not say, 1 to 120. Default 10: `mrt-duration`. */
  readonly mrtDuration?: number;
}

const NAMESPACE_OPTIONS: OptionNames<NamespaceOptions> = {
  name: true,
  defaultTtl: true,
  nsupPeriod: true,
  allowTtlWithoutNsup: true,
  backgroundQueryMaxRps: true,
  strongConsistency: true,
  mrtDuration: true,
};

/** The settings that a node begins with. */
export function namespaceSettings(namespace: NamespaceOptions, replicationFactor: number): Partial<NamespaceSettings> {
  const isStrong = namespace.strongConsistency ?? false;
  if (typeof isStrong !== "boolean") {
    throw new TypeError(`strongConsistency: expected true or false, got ${describe(isStrong)}`);
  }
  if (namespace.mrtDuration !== undefined && !isStrong) {
    throw new TypeError("mrtDuration: there are transactions in strong-consistency namespaces only");
  }
  return {
    replicationFactor,
    defaultTtl: whole("defaultTtl", namespace.defaultTtl, 0, 0, MAX_TTL_SECONDS),
    nsupPeriod: whole("nsupPeriod", namespace.nsupPeriod, 120, 0),
    allowTtlWithoutNsup: namespace.allowTtlWithoutNsup ?? false,
    strongConsistency: isStrong,
    mrtDuration: isStrong ? whole("mrtDuration", namespace.mrtDuration, 10, 1, 120) : 0,
    backgroundQueryMaxRps: whole("backgroundQueryMaxRps", namespace.backgroundQueryMaxRps, 10_000, 1, 1_000_000),
  };
}

/** Throws RangeError or TypeError for namespaces that can't be. */
export function checkNamespaces(namespaces: readonly NamespaceOptions[]): void {
  if (!Array.isArray(namespaces)) {
    throw new TypeError(`namespaces: expected an array such as [{ name: "test" }], got ${describe(namespaces)}`);
  }
  const names = new Set<string>();
  for (const namespace of namespaces as readonly NamespaceOptions[]) {
    checkOptions("Emulator.start(options): namespaces", namespace, NAMESPACE_OPTIONS);
    const { name } = namespace;
    if (typeof name !== "string") throw new TypeError(`namespaces: expected a name, got ${describe(name)}`);
    const bytes = writeName(name).length;
    if (bytes === 0 || bytes > MAX_NAMESPACE_BYTES) {
      throw new RangeError(
        `namespaces: expected a name of 1 to ${MAX_NAMESPACE_BYTES} bytes, got "${name}" of ${bytes}`,
      );
    }
    if (/[;:=/\n]/.test(name)) {
      throw new RangeError(`namespaces: expected a name without ; : = / and line ends, got ${describe(name)}`);
    }
    if (names.has(name)) throw new RangeError(`namespaces: "${name}" is given twice`);
    names.add(name);
  }
  if (names.size === 0) throw new RangeError("namespaces: expected at least one, got none");
}
