import { findChannel } from "../transport/machine.js";

/** What came of reading a document again. It has places and no values, so no secrets. Published on `aerowire:config`. */
export interface ConfigEvent {
  /** Where the document comes from. */
  readonly source: string;
  /** Places where something else stands now, such as `behaviors.patient.reads.maxRetries`. */
  readonly changed: readonly string[];
  /** Those of them that clients take on only when they are connected anew: hosts, TLS, users, limits of sockets. */
  readonly atNextConnect: readonly string[];
  /** Places that are meant for other clients and have no meaning here. */
  readonly ignored: readonly string[];
  /** Why it could not be applied: a ConfigError; undefined when all went well. Then nothing has changed. */
  readonly error: unknown;
}

export function publishConfig(event: ConfigEvent): void {
  const channel = findChannel("aerowire:config");
  if (channel?.hasSubscribers === true) channel.publish(event);
}
