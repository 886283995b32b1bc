import type { Results } from "../row-types.js";
import { KeyCommandBuilder } from "./key-command-builder.js";

/**
 * Asks whether records exist, without reading them; see `session.exists`. Every key has a row: `asBool()` says which.
 *
 * @example
 * const stream = await session.exists(users.ids(1, 2)).execute();
 * for await (const row of stream) console.log(row.key.userKey, row.asBool());
 */
export class ExistsBuilder<T, out B = never, out R extends Results = readonly []> extends KeyCommandBuilder<T, B, R> {}
