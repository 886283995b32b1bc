import type { Results } from "../row-types.js";
import { takeMethods } from "../take-methods.js";
import { Expiry } from "./expiry.js";
import { Generation } from "./generation.js";
import { KeyCommandBuilder } from "./key-command-builder.js";

// biome-ignore lint/correctness/noUnusedVariables: the declarations of class and interface have to agree.
export interface TouchBuilder<T, out B, out R extends Results> extends Generation, Expiry {}

/**
 * Renews records: their generation goes up and their time to live starts anew; see `session.touch`. Every key has a
 * row: `asBool()` says whether there is a record.
 *
 * @example
 * await session.touch(users.id(1)).expireRecordAfterSeconds(3600).execute();
 */
export class TouchBuilder<T, out B = never, out R extends Results = readonly []> extends KeyCommandBuilder<T, B, R> {}

takeMethods(TouchBuilder, Generation, Expiry);
