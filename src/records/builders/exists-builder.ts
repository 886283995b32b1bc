import type { Key } from "../../data/key.js";
import type { SessionContext } from "../../policy/session-context.js";
import { EXISTS } from "../verbs.js";
import { KeyCommandBuilder } from "./key-command-builder.js";

/**
 * Asks whether records exist, without reading them; see `session.exists`. Every key has a row: `asBool()` says which.
 *
 * @example
 * const stream = await session.exists(users.ids(1, 2)).execute();
 * for await (const row of stream) console.log(row.key.userKey, row.asBool());
 */
export class ExistsBuilder<T> extends KeyCommandBuilder<T, T> {
  /** @internal */
  constructor(context: SessionContext, keys: readonly Key<T>[]) {
    super(context, EXISTS, keys);
  }
}
