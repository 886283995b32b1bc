import type { ConnectOptions } from "../client/connect-options.js";
import type { Hosts } from "../client/hosts.js";
import type { BehaviorChanges } from "../policy/behavior.js";

/** A behavior as a document has it. */
export interface NamedBehavior {
  /** Name of what it is derived from: another of the document, or one that is predefined. */
  readonly parent: string;
  readonly changes: BehaviorChanges;
}

/** What a document says, all of it checked. */
export interface Configuration {
  readonly hosts: Hosts | undefined;
  readonly options: ConnectOptions;
  /** Name of the environment's variable that has the password. */
  readonly passwordEnv: string | undefined;
  /** By name. */
  readonly behaviors: ReadonlyMap<string, NamedBehavior>;
  /** The option of `connect` by the place that says it. */
  readonly places: ReadonlyMap<string, string>;
  /** Places of what is meant for other clients, and has no meaning here. */
  readonly ignored: readonly string[];
}
