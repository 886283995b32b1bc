import type { Results } from "../row-types.js";
import { takeMethods } from "../take-methods.js";
import { DurableDelete } from "./durable-delete.js";
import { Generation } from "./generation.js";
import { KeyCommandBuilder } from "./key-command-builder.js";

// biome-ignore lint/correctness/noUnusedVariables: the declarations of class and interface have to agree.
export interface DeleteBuilder<T, out B, out R extends Results> extends Generation, DurableDelete {}

/**
 * Deletes records; see `session.delete`. Every key has a row: `asBool()` says whether there was a record.
 *
 * @example
 * const stream = await session.delete(users.id(1)).execute();
 * const existed = (await stream.first())?.asBool();
 */
export class DeleteBuilder<T, out B = never, out R extends Results = readonly []> extends KeyCommandBuilder<T, B, R> {}

takeMethods(DeleteBuilder, Generation, DurableDelete);
